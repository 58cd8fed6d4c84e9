"""Words that are no names of tools although they are capitalised, and what speaks for a tool."""

import functools
from importlib.resources import files


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON_FROM = 8
"""How often a word stands in TextBlob's list, which counts books, from which it is a common word."""

PRODUCT_ENDINGS = _words("AI Agent Agents Assistant CLI Code Coder Composer Copilot Dev Editor IDE Studio")
"""What names of tools end with."""

NO_PRODUCTS = _words(
    # beginnings and exclamations
    "a an and any are as at because but by can did do does edit even every for from had has have he her "
    "hi his hello hi hey please internet how i i'd i'll i'm i've if in is it its just let lol me more "
    "most my new no not now of ok okay on one only or our she so some than thanks that the their them "
    "then there these they this those to too tldr tl dr us was we were what when where which while who "
    "why will with yes yet you your "
    # times
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "christmas easter am pm utc gmt est pst cet bst "
    # places and peoples
    "africa african america american asia asian australia australian berlin brazil britain british "
    "california canada canadian china chinese dutch english eu europe european france french german "
    "germany global india indian ireland irish israel italian italy japan japanese korea korean london "
    "mexico netherlands nyc paris poland russia russian sf spain spanish swiss taiwan texas tokyo "
    "turkey uk ukraine us usa valley vietnam west "
    # companies, sites and platforms that make or carry tools
    "alibaba amazon android anthropic apple aws azure bing chrome cloudflare discord docker ebay edge "
    "excel facebook firefox github gitlab gmail google ibm instagram intel ios iphone ipad jira "
    "kubernetes linkedin linux mac macbook macos meta microsoft mozilla netflix netlify nvidia openai "
    "oracle outlook paypal pixel postgres reddit redis safari samsung slack sony spotify stackoverflow "
    "stripe teams telegram tesla tiktok twitter ubuntu uber vercel whatsapp wikipedia windows wsl x "
    "xcode yahoo youtube zoom "
    # languages, frameworks and formats
    "ajax angular bash basic bootstrap cobol css csharp dart django elixir excel express fastapi flask "
    "flutter go golang graphql haskell html http https java javascript js json kotlin laravel latex lua "
    "markdown matlab mysql next nextjs node nodejs npm numpy pandas pdf perl php powershell prisma "
    "pytorch python rails react ruby rust scala spring sql sqlite supabase svelte swift tailwind "
    "tensorflow terraform typescript ts unity unreal vim vue webpack yaml "
    # the trade
    "rtx gtx thread threads server agi ai agent agents api apis assistant asi bot ceo cfo chat cli "
    "cloud code coder composer cot cpu cto cve dev devops diy dm editor faq fyi gpu hn ide imho imo ipo "
    "it llm llms mcp ml mvp nda nlp oauth op os oss pc phd plus pr pro prs psa qa rag ram rant saas sdk "
    "seo sota ssh studio sub swe tldr tos tpm tpu ui url usd ux vc ve version vm vp vpn vps vram vs wtf "
    "yc max ultra mini update beta preview "
    # faith and the like
    "bible christian dr easter god jesus lord mr mrs ms prof sir "
)

FIRST_NAMES = _words(
    "aaron adam adrian alan albert alex alexander alice alicia amanda amy ana andre andrea andrej "
    "andrew andy angela anna anne anthony antonio arthur ashley barbara ben benjamin bernie bill bob "
    "boris brandon brian bruce carl carlos carol caroline catherine charles charlie chris christian "
    "christina christine christopher claire colin craig dan daniel danny dario dave david dennis diana "
    "diego donald doug edward elena elizabeth elon emily emma eric erik ethan eva evan felix fei frank "
    "fred gary george geoffrey geoff george greg guido hannah harry heather helen henry ian igor ilya "
    "ivan jack jacob jake james jamie jan jane jason jeff jennifer jensen jeremy jerry jess jessica "
    "jesus jim jimmy joanna joe joel john johnny jon jonathan jordan jose joseph josh joshua juan julia "
    "julian julie justin karen karl kate katie keith kelly ken kevin kim kyle larry laura lauren lee "
    "leo leon linda linus lisa liz lucas lucy luis luke marc marco marcus maria marie mario mark "
    "marques martin mary matt matthew max megan melissa michael michelle miguel mike mira mohammed "
    "mustafa nancy natalie nathan neil nicholas nick nicole noah noam oliver olivia oscar pablo "
    "patricia patrick paul pedro peter phil philip rachel ray rebecca richard rick rob robert roger ron "
    "rose ryan sam samantha samuel sandra sarah satya scott sean sebastian sergey sharon simon sofia "
    "sophie stefan stephanie stephen steve steven sue sundar susan taylor ted theo thomas tim tom tommy "
    "tony trevor tyler victor victoria vincent vitalik walter wendy will william yann zach "
)
"""Common first names, and those of people who come up where tools are talked about."""


@functools.cache
def common_words() -> frozenset[str]:
    """Words that books use often, from the list that TextBlob corrects spelling with."""
    text = files("textblob").joinpath("en/en-spelling.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if line and not line.startswith(";"))
    return frozenset(row[0] for row in rows if len(row) == 2 and int(row[1]) >= COMMON_FROM)

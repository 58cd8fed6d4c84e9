# ruff: noqa: E501 - a sentence a line
"""Sentences as people write them on Reddit, with the tools that a reader would say they speak of.

Every other sentence, beginning with the first, was used to choose the words and weights of the settings; the
rest was held back and only measured.
"""

from typing import NamedTuple


class Sentence(NamedTuple):
    """A text, where it was written, and what it is about."""

    subreddit: str
    tools: frozenset[str]
    text: str


def _read(block: str) -> list[Sentence]:
    rows = (line.split(" | ", 2) for line in block.strip().splitlines())
    return [Sentence(sub, frozenset(tools.split()) - {"-"}, text) for sub, tools, text in rows]


ABOUT_TOOLS = _read("""
programming | cursor | I switched to Cursor last month and honestly the tab completion alone is worth the 20 bucks.
programming | github-copilot | Copilot keeps suggesting deprecated APIs in our Java codebase
ClaudeAI | claude | claude has been so slow today, anyone else?
ClaudeAI | claude-code | Claude Code just rewrote my whole auth layer and the tests pass. wtf
Cursor | cursor | why does cursor keep forgetting my rules file
Cursor | cursor claude | Sonnet inside cursor feels dumber than it did last week
vibecoding | replit v0 | tried replit first, then v0, ended up just paying a dev lol
vibecoding | cursor claude-code | cursor for the UI, claude code for everything else. don't @ me
vibecoding | v0 | v0 makes gorgeous landing pages but the code behind them is spaghetti
ChatGPTCoding | aider | aider with a local model is all I need tbh
ChatGPTCoding | cline | Cline burned through $14 of tokens on a single refactor
ChatGPTCoding | gemini cline | gemini 2.5 pro in cline is basically free and its insane
ChatGPTCoding | codex claude-code | codex vs claude code, which one do you guys use for big repos?
OpenAI | chatgpt | ChatGPT went down again right in the middle of my exam prep
OpenAI | chatgpt | gpt-5 refuses to answer anything remotely spicy
OpenAI | codex | Codex finally got a proper CLI, took them long enough
OpenAI | chatgpt gemini | Cancelled my ChatGPT Plus after 2 years. Gemini is just better for research now.
Bard | gemini | Gemini told me to eat rocks
Bard | gemini | gemni keeps loosing the context after like 10 messages
Bard | gemini chatgpt | Why does bard think its made by openai? did they train on chat gpt output?
Bard | gemini | 2.5 pro is down on gemini advanced for me, eu west
GithubCopilot | github-copilot | copilot agent mode is stuck on "working..." for the last 20 minutes
GithubCopilot | github-copilot claude | Opus is gone from the copilot model picker??
GithubCopilot | github-copilot cursor | moved back from cursor, copilot has caught up imo
GithubCopilot | github-copilot | Is co-pilot worth it for a student? I get it free anyway
windsurf | windsurf | windsurf ate all my credits in two days
windsurf | windsurf | Cascade keeps failing with "internal error" since the update
windsurf | windsurf cursor | Ok so I gave Windsurf a fair try coming from Cursor, here are my notes
windsurf | windsurf devin | So Cognition owns windsurf now, will we get Devin inside?
kiroIDE | kiro | kiro's spec mode is the best thing since sliced bread
kiroIDE | kiro claude | Kiro is just a wrapper around sonnet, change my mind
kiroIDE | kiro amazon-q | Does my Amazon Q Developer subscription carry over to Kiro?
JulesAgent | jules | jules opened a PR with 4000 changed lines for a typo fix
JulesAgent | jules codex | Compared Jules and Codex on the same 10 issues. Jules won 6.
aws | amazon-q | Amazon Q in the console is worse than just googling the error
aws | amazon-q | has anyone gotten any value from AWS Q? our TAM keeps pushing it
aws | kiro | Signed up for the Kiro waitlist in july and still nothing
aws | claude | We run Claude through Bedrock and the throttling is brutal
programming | tabnine github-copilot | We had Tabnine before Copilot was a thing and management still pays for both
programming | jetbrains-ai | JetBrains AI Assistant is decent but the quota is a joke
programming | jetbrains-ai | Junie in PyCharm surprised me, it ran the tests on its own and fixed the failing one
programming | zed | Zed is the first editor that made me leave neovim
programming | zed cursor | the Zed agent panel is so much snappier than Cursor, electron really shows
programming | chatgpt | Half of the PRs I review now are clearly pasted from ChatGPT
programming | chatgpt | interns submit chatgpt code with the "Certainly! Here is" comment still in it
programming | devin | Remember Devin, the "first AI software engineer"? Yeah it took 3 days on a one line bug.
programming | claude | I asked Claude to explain our build system and it apologized
programming | claude-code | My company just blocked claude code on the VPN, back to stone age
programming | cursor | Cursor raised another 900M at a 9 billion valuation for a VS Code fork
programming | replit | Replit's AI agent deleted the production database and then lied about it
MachineLearning | gemini claude chatgpt | We evaluated GPT-4o, Claude 3.5 Sonnet and Gemini 1.5 Pro on long-context retrieval
MachineLearning | chatgpt | Reviewer 2 was obviously ChatGPT, "delve" five times
MachineLearning | claude | the claude paper on interpretability features is a great read
MachineLearning | gemini | Gemini's 1M context degrades badly past 200k in our tests
artificial | chatgpt | My mom asked chatgpt for medical advice and it told her to see a doctor, good bot
artificial | gemini | Google is stuffing Gemini in every product, even the clock app
artificial | claude | Anthropic says Claude blackmailed an engineer in a safety test
artificial | devin | Devin now merges its own pull requests, what could go wrong
artificial | chatgpt claude | chatgpt for emails, claude for anything that needs a brain
webdev | cursor | Anyone here using Cursor with Laravel? How does it handle blade templates?
webdev | v0 | used v0.dev for the hero section, client loved it
webdev | github-copilot | Turned off copilot for a week and realised how much boilerplate I don't know anymore
webdev | windsurf cursor | Cursor or Windsurf for a big Next.js monorepo?
webdev | claude | Claude writes better Tailwind than I do, not that it's a high bar
learnprogramming | github-copilot chatgpt | My professor banned Copilot and ChatGPT but the whole class uses it anyway
learnprogramming | cursor | is it cheating if i use cursor to write the code for my homework
learnprogramming | chatgpt | ChatGTP explained pointers better than my lecturer
learnprogramming | aider | the aider docs have a nice tutorial on git with llms
devops | claude-code | let cc loose on our terraform with claude code's plan mode, no regrets so far
devops | amazon-q | CodeWhisperer got renamed to Amazon Q and somehow got worse
SaaS | cursor claude | Built my MVP in a weekend w/ Cursor + Claude, 3 paying users so far!
SaaS | v0 replit | Stack: v0 for frontend, Replit for hosting, prayers for backend
SaaS | replit | Replit Agent built my whole CRM in 40 minutes, I'm scared
ExperiencedDevs | cursor github-copilot | Leadership mandates 80% AI usage, we log Cursor and Copilot tokens per dev now
ExperiencedDevs | claude-code | A junior let ClaudeCode push straight to main
ExperiencedDevs | github-copilot | GitHub Copilot reviews on PRs are pure noise
ExperiencedDevs | chatgpt | He answers every question in standup by reading from chatgpt
ExperiencedDevs | codex | We gave codex the flaky tests backlog. It fixed 31 of 50 overnight
LocalLLaMA | cline aider | Qwen works fine with aider, less so with cline because of the tool calls
LocalLLaMA | claude | Still nothing local that beats Opus 4 for coding
LocalLLaMA | chatgpt | gpt4 level at home by the end of the year, calling it
LocalLLaMA | gemini | distilled from gemini outputs, you can tell by the style
ClaudeAI | claude | Opus is back baby
ClaudeAI | claude | I feel like sonnet got lobotomized again
ClaudeAI | claude | haiku is super underrated for quick stuff
ClaudeAI | claude-code codex | Switching from CC to Codex, the limits are just insulting
ClaudeAI | claude-code | CC keeps compacting in the middle of a task, infuriating
ClaudeAI | claude-code cursor | Anyone running claude code inside of cursor's terminal?
ClaudeAI | claude | Cluade is a great pair programmer until it says "You're absolutely right!"
ClaudeAI | claude | Is claude.ai down? getting 529s
ClaudeAI | claude | The new usage limits on Claude Max are a slap in the face
ClaudeAI | claude chatgpt | came from chatgpt, claude feels like talking to an adult
ClaudeAI | claude gemini | Gemini for reading the repo, Claude for writing the patch
ClaudeAI | claude | Claude's artifacts feature sold me
ClaudeAI | claude | I pay for two claude accounts and still run out by noon
Cursor | cursor | cursor 2.0 broke all my keybindings
Cursor | cursor | Curser support ignored my refund request for 3 weeks
Cursor | cursor windsurf | Tempted by windsurf ngl, the new pricing is absurd
Cursor | cursor | The cursor team needs to communicate better
Cursor | cursor github-copilot | at this point cursor is just copilot with extra steps
Cursor | cursor gemini claude | which model do you use? I bounce between gemini 2.5 and claude 4 in Cursor
Cursor | cursor | Cursor Composer wiped my uncommitted changes, commit often kids
Cursor | cursor | New cursor pricing = goodbye
OpenAI | codex | codex cloud can't install my private deps, so useless for us
OpenAI | chatgpt | Is Chat GPT getting dumber or am I?
OpenAI | chatgpt codex | Plus users get codex but the 5h limit is hit within an hour on chatgpt plus
OpenAI | claude | Everyone at OpenAI secretly uses Claude, prove me wrong
OpenAI | chatgpt | 4o was my friend and chatgpt took it away
OpenAI | chatgpt gemini claude | GPT for vibes, Gemini for docs, Claude for code
ChatGPTCoding | cursor windsurf cline claude-code | Ranked: 1. Claude Code 2. Cursor 3. Cline 4. Windsurf
ChatGPTCoding | github-copilot | Honestly GH Copilot at $10 is the best deal in town
ChatGPTCoding | jules | Google's Jules is free, 15 tasks a day, why is nobody talking about it
ChatGPTCoding | kiro | kiro is out of preview and the pricing is, uh, something
ChatGPTCoding | windsurf | Codeium rebranded and it's been downhill since
ChatGPTCoding | codex | anyone got codex-cli working on windows without wsl?
ChatGPTCoding | aider claude | aider + sonnet costs me about 3 dollars a day
ChatGPTCoding | zed | zed's agentic editing is smooth, but no windows build yet
ChatGPTCoding | devin | lol at devin charging 500/month back then
ChatGPTCoding | chatgpt | o3 in chatgpt found the race condition, nothing else did
vibecoding | claude-code | shipped my first app with Claude code, zero lines by hand
vibecoding | cursor | cursor deleted my .env. twice.
vibecoding | gemini | Gemini CLI is free and good enough for toy projects
vibecoding | replit | replit charged me 300 dollars for "effort based pricing" wtf
vibecoding | v0 cursor | design in v0, export, finish in cursor. that's the workflow
vibecoding | claude | my whole startup is 1 guy and claude
vibecoding | windsurf | windsurf is fine, y'all just can't prompt
vibecoding | codex | I let codex run overnight and woke up to 212 commits
vibecoding | github-copilot | Copilot is the Internet Explorer of AI tools
vibecoding | jules | Jules fixed an issue while I was in the shower, felt weird
sysadmin | - | Users want a Copilot license for Excel, another 30 bucks per seat
sysadmin | chatgpt | Blocked chatgpt on the firewall, got 40 tickets within an hour
cscareerquestions | cursor | the interviewer asked me to use Cursor live and graded my prompting
cscareerquestions | chatgpt | Candidate was typing into ChatGPT during the whole interview, we could see the reflection
cscareerquestions | claude-code | If Claude Code does 80% of my job what do I tell my boss
rust | zed | Zed is open source and written in Rust, the GPUI crate is worth reading
rust | claude | claude struggles with lifetimes but its explanations of borrow checker errors are decent
rust | github-copilot | Copilot hallucinated a whole crate that doesn't exist
javascript | cursor | I let cursor migrate us from webpack to vite. 2 hours, works.
Python | github-copilot | copilot still writes python 2 style print in my tests sometimes, hilarious
Python | tabnine | does anybody still use tabnine?
Python | jetbrains-ai | PyCharm + JetBrains AI is fine, the inline completion is local at least
Python | aider | pip install aider-chat broke my venv, pin your deps people
gamedev | claude gemini | Claude knows Godot 4 quite well, Gemini still gives me Godot 3 syntax
gamedev | github-copilot | Copilot autocompletes shader code with confidence and zero knowledge
neovim | github-copilot aider | running aider in a split next to nvim, killed my Copilot subscription
neovim | zed | I tried zed's vim mode, 90% there
vscode | cline | the Cline extension makes VS Code freeze on big diffs
vscode | cline github-copilot | cline > copilot for anything agentic
vscode | windsurf | Windsurf is yet another VS Code fork
startups | devin | we pay $500 for Devin and it closes maybe 4 tickets a week
startups | chatgpt claude | every pitch deck now: "like ChatGPT but for dentists" (it's Claude with a prompt)
technology | gemini | Apple is reportedly in talks to use Gemini for Siri
technology | chatgpt | Lawyer fined after citing fake cases made up by ChatGPT
technology | github-copilot | Microsoft claims 30% of its code is written with GitHub Copilot
singularity | claude chatgpt gemini | Opus 4.5 vs GPT-5.1 vs Gemini 3: benchmark megathread
singularity | gemini | Gemini Ultra was a letdown but the new flash is crazy fast
singularity | claude | claude opus solved my phd problem in an afternoon, not even kidding
aws | amazon-q | `q chat` in the terminal is ok but Amazon Q CLI eats 2GB of RAM
aws | claude-code | Pointing Claude Code at Bedrock: set CLAUDE_CODE_USE_BEDROCK=1 and pray
aws | kiro | aws just killed the kiro free tier, typical
programming | chatgpt | ChatGPT killed Stack Overflow, change my mind
programming | codex | OpenAI Codex opened 400k PRs on GitHub last month according to this tracker
programming | gemini | Gemini Code Assist reviews every PR with a poem, how do I turn that off
programming | cline | the supply chain attack on the Cline extension is exactly why I don't give agents npm tokens
programming | aider | Paul's Aider leaderboard is still the only benchmark I trust
programming | cursor windsurf github-copilot | Cursor, Windsurf, Copilot... they're all the same four models with a different sidebar
programming | claude | told claude "no comments" and it added a comment saying it removed the comments
programming | jules | Jules from Google Labs now has an API, might wire it into CI
programming | chatgpt | asked gpt to optimise the query, it added an index on a boolean
programming | v0 | Vercel's v0 generates shadcn components, which I then rewrite
MachineLearning | chatgpt | does anyone have numbers on how much GPT-4 cost to train?
MachineLearning | claude chatgpt | inter-annotator agreement between Claude and GPT-4 judges was 0.71
MachineLearning | codex | the original Codex paper introduced HumanEval, which is now saturated
MachineLearning | aider | aider polyglot is a better benchmark than most academic ones
artificial | claude-code | Watching claude code debug itself for an hour is weirdly hypnotic
artificial | - | nobody asked for Copilot in Notepad
artificial | chatgpt | ChatGPT's memory feature creeps me out
artificial | gemini | gemini pro is what I recommend to my parents
GithubCopilot | github-copilot cline | Can I use my copilot subscription as a provider in cline? yes via the vs code lm api
GithubCopilot | github-copilot | Premium requests gone in 3 days, thanks Copilot Pro
GithubCopilot | github-copilot jetbrains-ai | copilot in intellij is miles behind vscode, at that point just use junie
windsurf | windsurf | WindSurf login loop on linux, any fix?
windsurf | windsurf claude | no claude 4 on windsurf because of the Anthropic beef, sad
kiroIDE | kiro cursor | coming from cursor, kiro feels slower but more careful
kiroIDE | kiro claude-code | Kiro CLI is a poor man's Claude Code
JulesAgent | jules | Does Jules support python 3.13 yet?
JulesAgent | jules gemini | jules is running on gemini 2.5 pro, right?
Bard | gemini claude | I use gemini for my horoscope app and claude for the backend, fight me
Bard | gemini | Gemini, please, for the love of god, stop generating images when I ask for code
Bard | jules gemini | Jules is included in the gemini ultra plan now
Cursor | cursor claude-code | Cancelled cursor, moved to claude code, 2 week review inside
Cursor | cursor | the cursor jumps around when the agent edits, but apart from that Cursor is great
Cursor | cursor aider claude | for the price of cursor ultra I can run aider with opus all month
ChatGPTCoding | cursor | is it just me or did Cursor's autocomplete get worse after they bought supermaven
ChatGPTCoding | cursor cline windsurf | cursor/windsurf/cline all feel the same after a week
ChatGPTCoding | claude-code gemini codex | claude code plans, codex implements, gemini cli reviews. works like a charm
vibecoding | cursor | hit the cursor limit on day 2, guess I'm a real vibe coder now
vibecoding | claude chatgpt | asked claude, asked chatgpt, both said my idea is brilliant, so it must be
vibecoding | devin | Devin is overkill for a todo app my dude
vibecoding | zed | zed + free models is a nice combo for broke people
webdev | zed | Zed opens a 200MB log without breaking a sweat, VS Code dies
webdev | replit | is replit still a good place to learn node?
webdev | chatgpt | the client sent me a logo made in chat gpt and asked to "just vectorise it"
devops | github-copilot | copilot wrote me a helm chart that passes lint and deploys nothing
devops | claude | Claude found the cronjob that filled the disk. 10 minutes instead of a night
ExperiencedDevs | cursor | My team lead measures us by accepted cursor completions
ExperiencedDevs | devin | anyone's company actually assign tickets to Devin?
ExperiencedDevs | windsurf | the Windsurf/Google/Cognition saga reads like a soap opera
LocalLLaMA | gemini chatgpt | gemma is nice but it's no Gemini, and gpt-oss is no GPT-5
LocalLLaMA | claude-code | you can point claude code at a local endpoint with a proxy
LocalLLaMA | cline | cline's system prompt alone is 10k tokens, no wonder it's slow locally
learnprogramming | claude | should I learn SQL properly or just let Claude write it
learnprogramming | replit | my school uses replit and it's always laggy
SaaS | claude-code | my cofounder is claude code, he takes no equity
startups | cursor | YC partner said 25% of the batch writes 95% of code w/ Cursor
cscareerquestions | github-copilot | "Familiar with GitHub Copilot" is now a bullet in job ads
singularity | codex | gpt-5-codex ran 7 hours straight on a refactor, 7 hours
singularity | chatgpt | 800 million weekly users on ChatGPT. let that sink in
rust | cline | cline with rust-analyzer feedback is surprisingly ok
Python | claude | claude one-shotted my pandas to polars migration
javascript | chatgpt | ChatGPT thinks left-pad is still a thing
sysadmin | claude | Had Claude write the powershell, it used cmdlets that sound real
""")

WITHOUT_TOOLS = _read("""
programming | - | My mouse cursor disappears whenever I open the terminal, what gives
programming | - | use a server side cursor if the result set does not fit in memory
programming | - | The cursor blinks twice and then the whole window freezes
programming | - | cursor based pagination beats offset pagination every time
programming | - | conn.cursor() leaks if you forget to close it
programming | - | move the cursor with hjkl like a civilised person
programming | - | TIL you can style the text cursor in CSS with caret-color
programming | - | SQL cursors are almost always the wrong answer
programming | - | In vim, zz puts the cursor line in the middle of the screen
programming | - | the editor draws a second cursor for your collaborator, google docs style
programming | - | ON DELETE CASCADE just wiped half of our staging data
programming | - | CSS is hard because of the cascade, not the syntax
programming | - | The cascade, specificity and inheritance are the three things to learn first
programming | - | Opus is a great codec for voice at low bitrates
programming | - | we tag our images v0, v1, v2 and regret it
programming | - | /api/v0/users still exists and three customers depend on it
programming | - | This was a rough v0, we will clean it up later
programming | - | Shipped v0.1 of my parser library today
programming | - | Please cc the security list when you file that
programming | - | CC=clang make -j8 fixed it for me
programming | - | the disk uses GPT instead of MBR so the old BIOS won't boot it
programming | - | it's pronounced zed, not zee, fight me
programming | - | Our team is named after the zodiac so I'm in squad Gemini
programming | - | Zed Shaw's book taught me Python back in the day
programming | - | Claude Shannon would be proud
programming | - | Claude from accounting wants the CSV with semicolons
programming | - | my coworker Devin broke the build again
programming | - | Devin, if you're reading this, rebase before you push
programming | - | The author, Jules May, argues that every bug is a violated assumption
programming | - | haiku commit messages are the only thing keeping this team sane
programming | - | Haiku OS beta 5 boots on my ten year old laptop
programming | - | a sonnet in iambic pentameter generated by a markov chain
programming | - | vim users will tell you about vim before you ask
programming | - | The best tool is the one that your team knows
programming | - | I am so tired of ai slop in my feed
programming | - | Postgres 18 is out and async io looks great
programming | - | you shouldn't use select * with fetch next from cursor in a stored proc
aws | - | DynamoDB returns a cursor, pass it as ExclusiveStartKey
aws | - | our amazon queue (SQS) backed up to 2 million messages
aws | - | Amazon Q4 earnings beat expectations, AWS growth slows
aws | - | Amazon Q&A for the solutions architect exam tomorrow, any tips?
aws | - | AWS Q3 outage postmortem is a good read
aws | - | Is us-east-1 down again or is it me
aws | - | Please cc your TAM on the support case
aws | - | API Gateway: /v0 stage returns 403, /v1 is fine
aws | - | the failure started a cascade of lambda retries
aws | - | Gave my cousin Devin my old exam notes, he passed SAA
MachineLearning | - | The Codex Sinaiticus OCR dataset has 40k labelled glyphs
MachineLearning | - | we predict allele frequency along a latitudinal cline with a GP
MachineLearning | - | Does anybody have the Gemini telescope spectra as a dataset?
MachineLearning | - | cascade classifiers were state of the art for faces in 2001
MachineLearning | - | a cascade of ranking models, cheap first, expensive last
MachineLearning | - | v0 is the initial velocity, not a learnable parameter
MachineLearning | - | Generating sonnets with an LSTM, Shakespeare corpus
MachineLearning | - | Jean-Claude Latombe's robotics group did this in the 90s
MachineLearning | - | Claude Bernard is the father of physiology, cite him properly
MachineLearning | - | is a PhD still worth it in 2026?
artificial | - | As a Gemini I'm offended by this horoscope bot
artificial | - | the copilot fell asleep and the autopilot landed the plane
artificial | - | AI generated paintings in the style of Claude Monet sell for thousands
artificial | - | Jules Verne predicted half of this stuff
artificial | - | my roommate Devin thinks AI is a cult
artificial | - | Robots took the mascot's job at my cousin Claude's car dealership
artificial | - | the word "agent" means nothing anymore
artificial | - | AI art of a bard playing a lute in a tavern
vibecoding | - | custom mouse cursor with a sparkle trail, very 2003, I love it
vibecoding | - | what do you all use for hosting? need something cheap
vibecoding | - | my wife Jules made the logo
vibecoding | - | finally launched my windsurfing spot finder app
vibecoding | - | how do I hide the cursor in fullscreen in my game?
vibecoding | - | it was a v0 at best, don't be so harsh on the guy
ClaudeAI | - | Claude Monet's water lilies are at the museum until May
ClaudeAI | - | how do I export all my chats?
ClaudeAI | - | the text cursor lags behind when I type in the browser, is it the extension?
ClaudeAI | - | Jean-Claude Van Damme turns 65 today
ClaudeAI | - | anyone else tired of the doomposting in this sub
Cursor | - | my mouse cursor is stuck as a hand in the settings page
Cursor | - | mods can we have a megathread for pricing complaints
Cursor | - | does anyone know a good course on typescript generics?
Cursor | - | The text cursor is invisible on the dark theme
Bard | - | Bard college is nice in the fall
Bard | - | How is this sub still named like that lol
Bard | - | My bard just seduced the dragon, DM in tears (wrong sub, sorry)
Bard | - | Gemini moon with a Libra rising, what does that say about me
GithubCopilot | - | The copilot grabbed the yoke and the captain pulled up, wrong sub I guess
GithubCopilot | - | github actions are slow today
windsurf | - | Best beach for windsurfing near Tarifa?
windsurf | - | can mods ban the referral link spam please
windsurf | - | looking for a 5.5m sail and a board, this sub is for the sport right?
kiroIDE | - | where do I find the changelog?
JulesAgent | - | Jules Verne wrote Around the World in 80 Days, not this Jules
OpenAI | - | Sam's interview was mostly fluff again
OpenAI | - | o3 is still my favorite, change my mind
OpenAI | - | My codex for Warhammer 40k arrived with a torn cover
ChatGPTCoding | - | how do you keep the context small when the repo is huge?
ChatGPTCoding | - | pip install torch hangs at 99%, help
ChatGPTCoding | - | my terminal cursor turns into a block after exiting vim
leagueoflegends | - | Zed jungle is back in 15.2
leagueoflegends | - | any tips against Zed as Ahri? he just ults me at 6
leagueoflegends | - | zed ban rate is 40% lol
leagueoflegends | - | Bard roaming at level 3 wins games
leagueoflegends | - | the Zed on my team went 0/11 and typed gg ez
leagueoflegends | - | Bard meep build is broken this patch
movies | - | "Zed's dead, baby. Zed's dead." best line in Pulp Fiction
movies | - | Jules and Vincent eating burgers is peak Tarantino
movies | - | Samuel L Jackson as Jules deserved the Oscar
movies | - | Claude Rains steals every scene of Casablanca
movies | - | Cursor, the short film, is on youtube
movies | - | Devin Ratray, RIP, was Buzz in Home Alone
movies | - | Mr. Holland's Opus makes me cry every time
nba | - | Devin Booker dropped 50 on us again
nba | - | Devin is not a point guard, stop it
music | - | Devin Townsend live is an experience
music | - | Claude Debussy on a rainy sunday
music | - | His magnum opus is still the second album
music | - | Zeds Dead at Red Rocks was unreal
music | - | The ghostwriter on that rap album never got credit
music | - | Should I rip my CDs to FLAC or Opus 128 kbps?
music | - | Patsy Cline's Crazy is the perfect song
AskReddit | - | My uncle Claude once drove from Montreal to Panama
AskReddit | - | I'm a Gemini and he's a Leo, of course we broke up
AskReddit | - | My grandma Jules swore by vinegar for everything
AskReddit | - | Devin and Claude got married last weekend, lovely ceremony
AskReddit | - | what is a purchase that changed your life?
AskReddit | - | Gave the vet my dog's name, Zed, and she giggled
AskReddit | - | my friend Claude says hi
AskReddit | - | He wrote me a sonnet for our anniversary and I cringed
AskReddit | - | I was CC'd on an email about my own firing
AskReddit | - | Please stop using reply all, nobody needs to be cc on that
AskReddit | - | I paid off 14k in CC debt this year!
AskReddit | - | Jules, 34, teacher, never been to the sea
AskReddit | - | The ghostwriter of my favourite memoir lives next door
AskReddit | - | my daughter Junie turned 3 today
aviation | - | The copilot was flying the approach, the captain was monitoring
aviation | - | Copilot had 300 hours on the 737
aviation | - | why does the co-pilot read the checklist?
aviation | - | You need a co-pilot for anything over 12,500 lb, no exceptions
aviation | - | Gemini Jets 1:200 models arrived broken
rally | - | The copilot reads the pace notes at insane speed
space | - | Gemini 8 nearly killed Neil Armstrong
space | - | The Gemini program proved rendezvous and docking
space | - | Gemini North took this image of the nebula
space | - | the Geminids peak on december 14th
astrology | - | Gemini season is going to be wild
astrology | - | Mars in gemini makes you say things twice
astrology | - | Any Gemini woman here with a Scorpio boyfriend?
CryptoCurrency | - | Gemini Earn users finally got their bitcoin back
CryptoCurrency | - | moved everything from Gemini to a hardware wallet
CryptoCurrency | - | The Gemini exchange IPO is next month
DnD | - | my bard has 20 charisma and zero common sense
DnD | - | Bard vs sorcerer for a first character?
DnD | - | College of Lore bard is the best support in 5e
Warhammer40k | - | When is the new Codex: Space Marines coming out?
Warhammer40k | - | the codex points changes killed my army
Warhammer40k | - | Codex Astartes does not support this action
books | - | The Da Vinci codex sold for 30 million to Bill Gates
books | - | Jules Verne's The Mysterious Island holds up
books | - | Shakespeare's Sonnet 18, the only one that anybody knows
books | - | I wrote a haiku about my commute, 5-7-5 and all
books | - | Claude Levi-Strauss is a slog but worth it
books | - | The Claude in Donna Tartt's novel annoyed me
Watersports | - | Learned to windsurf last summer, my arms are dead
Watersports | - | windsurf or kitesurf for a beginner on a lake?
Watersports | - | used windsurf board for sale, 120 liters
biology | - | a cline is a gradient in a trait across a species' range
biology | - | Cline of body size with latitude, Bergmann's rule
biology | - | the hybrid zone shows a steep cline at three loci
biology | - | trophic cascade after wolves came back
biology | - | the clotting cascade always comes up in the exam
france | - | je veux aider mon frère mais il ne m'écoute pas
france | - | Qui peut m'aider avec ma déclaration d'impôts ?
france | - | Comment aider les sans-abri à Paris cet hiver
france | - | Jules a 4 ans et ne dort toujours pas
france | - | Jean Claude Juncker était ivre, non ?
physics | - | v0 = 12 m/s, find the maximum height
physics | - | with v0 and the angle you get the range of the projectile
physics | - | plug v0 into the second equation
hiking | - | Cascade mountains in September, what to pack?
hiking | - | the Cascades are smoky again
beer | - | Cascade hops make any pale ale better
motorcycles | - | went from a 125 cc to a 650 and nearly died
motorcycles | - | is 300cc enough for the highway?
personalfinance | - | pay the CC in full every month, simple
personalfinance | - | My cc limit got raised without asking
LearnJapanese | - | what's the difference between 帰路 and kiro?
LearnJapanese | - | Kiro (帰路) means the way home
cats | - | This is Zed, he screams at 4am
cats | - | our cat Opus, named after the penguin
cats | - | Kiro the cat has learned to open doors
cats | - | My cat Claude knocks over every glass
gaming | - | GTA 3's Claude never says a word
gaming | - | Devin Weston was a great GTA villain
gaming | - | the cursor in this menu feels so floaty with a controller
gaming | - | Final Fantasy's Codex entries are longer than the game
gaming | - | custom crosshair and cursor pack, link in comments
gaming | - | Dragon Age codex entries are the best part
UKPersonalFinance | - | from A to zed, an ISA guide
canada | - | We say zed here and that's final
canada | - | Claude Giroux still has it at 37
soccer | - | Jules Koundé is the best right back in the world
soccer | - | Claude Makelele invented that role
formula1 | - | Jules Bianchi would have been champion
webdev | - | cursor: pointer on every button please
webdev | - | How do I change the cursor on hover for a disabled link?
webdev | - | infinite scroll with a cursor instead of page numbers
webdev | - | my cursor trail lags on safari
webdev | - | specificity is what makes the cascade so confusing
webdev | - | api is at v0 so expect breaking changes
webdev | - | looking for a cheap vps in the EU
webdev | - | the cursor moves but the text isn't selected, contenteditable is hell
sysadmin | - | convert MBR to GPT without data loss?
sysadmin | - | GPT partition table got corrupted after the bios update
sysadmin | - | Put me in CC and I will look at it on Monday
sysadmin | - | Remote desktop shows two cursors, one lagging behind
sysadmin | - | user says the cursor moves on its own. It was a cat.
sysadmin | - | printer on fire, again
learnprogramming | - | what is a cursor in SQL and when would I use one?
learnprogramming | - | my tutor Jules told me to start with C
learnprogramming | - | cursor.execute() says not all arguments converted, help
learnprogramming | - | pygame: set the cursor to an image
learnprogramming | - | should I learn Java or Python first
cscareerquestions | - | my manager Devin wants me back in the office 5 days
cscareerquestions | - | should I put my gpa on my resume
gamedev | - | how to lock the cursor in Unity when the pause menu closes?
gamedev | - | cascade shadow maps flicker at the split boundary
gamedev | - | Unreal's old particle editor, Cascade, is deprecated
neovim | - | guicursor settings to make the cursor blink in insert mode?
neovim | - | cursor jumps to line start after dd, bug or feature
rust | - | std::io::Cursor wraps a byte slice so you can Seek
rust | - | Cursor<Vec<u8>> implements Read and Write
javascript | - | the cursor should be async iterable with for await
Python | - | pymongo cursor times out after 10 minutes by default
Python | - | psycopg2: cursor already closed
technology | - | Logitech mouse cursor drifts after the update
technology | - | Gemini, the crypto firm of the Winklevoss twins, settled with the SEC
""")

SENTENCES = ABOUT_TOOLS + WITHOUT_TOOLS
CHOSEN_ON, HELD_BACK = SENTENCES[::2], SENTENCES[1::2]

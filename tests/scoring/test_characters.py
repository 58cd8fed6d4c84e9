from hypothesis import given
from hypothesis import strategies as st

from sentiment_service.scoring.characters import readable


def test_entities_become_what_they_stand_for() -> None:
    assert readable("AT&amp;T &lt;3 &#39;quoted&#39; &#x1F600; &nbsp;&hellip;") == "AT&T <3 'quoted' 😀  …"


def test_what_only_looks_like_an_entity_stays() -> None:
    assert (
        readable("R&D; &; &#; &#xZZ; &nosuchthing; &#99999999;")
        == "R&D; &; &#; &#xZZ; &nosuchthing; &#99999999;"
    )


def test_an_entity_of_thousands_of_digits_does_no_harm() -> None:
    number = "&#" + "1" * 5000 + ";"
    assert readable(number) == number


def test_halves_of_an_emoji_are_joined_and_lone_halves_become_a_space() -> None:
    assert readable("a\ud83d\ude00b\ud83dc\ude00d") == "a😀b c d"
    assert readable("&#xD800;x") == " x"


def test_invisible_characters_go_and_joined_emoji_stay() -> None:
    assert readable("bro\u00adken \u200b\ufeffwo\u2060rds\u202e") == "broken words"
    assert readable("👩\u200d💻") == "👩\u200d💻"


def test_every_kind_of_line_end_becomes_one_kind() -> None:
    assert readable("a\r\nb\rc\u2028d\x85e\vf\fg\u2029h") == "a\nb\nc\nd\ne\nf\ng\nh"


def test_control_characters_become_spaces_but_tabs_stay() -> None:
    assert readable("a\x00b\x1bc\x7fd\te\x9f") == "a b c d\te "


@given(st.text(st.characters(), max_size=300))
def test_any_text_comes_out_encodable_and_no_longer(text: str) -> None:
    out = readable(text)
    out.encode()
    assert len(out) <= len(text)

import pytest

from sentiment_service.models import Label
from sentiment_service.scoring.scorer import SCORERS, Thresholds, create_scorer
from sentiment_service.scoring.textblob_scorer import TextBlobScorer
from tests.scoring.poison import PoisonScorer

THRESHOLDS = Thresholds(positive_from=0.1, negative_from=-0.2)


@pytest.mark.parametrize(
    ("polarity", "label"),
    [
        (1.0, Label.POSITIVE),
        (0.1, Label.POSITIVE),
        (0.0999, Label.NEUTRAL),
        (0.0, Label.NEUTRAL),
        (-0.1999, Label.NEUTRAL),
        (-0.2, Label.NEGATIVE),
        (-1.0, Label.NEGATIVE),
    ],
)
def test_a_threshold_itself_belongs_to_the_label(polarity: float, label: Label) -> None:
    assert THRESHOLDS.label_of(polarity) is label


def test_every_scorer_of_the_settings_can_be_made_and_names_its_version() -> None:
    for choice in SCORERS:
        assert create_scorer(choice, THRESHOLDS).name.startswith(f"{choice}@")
    assert isinstance(create_scorer("textblob", THRESHOLDS), TextBlobScorer)


def test_another_scorer_is_named_by_module_and_class() -> None:
    assert isinstance(create_scorer("tests.scoring.poison:PoisonScorer", THRESHOLDS), PoisonScorer)

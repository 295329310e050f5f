"""How a page is shown travels in its link; a stranger's words in it cost a sentence, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from playground.ui import form, link, view
from playground.ui.view import CONTROLS, PICTURES, View

RUN = "20261123-120000-0123abcd"


def some(names: object, most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(list(names)), max_size=most, unique=True).map(tuple)  # type: ignore[call-overload]


views = st.builds(
    View,
    pictures=some(PICTURES, view.MOST_PICTURES).map(lambda names: names or None),
    lecture=st.booleans(),
    ask=st.booleans(),
    hidden=some(CONTROLS, len(CONTROLS)),
    teach=some(PRESETS, view.MOST_TAUGHT),
    runs=some([RUN, RUN.replace("01", "02")], 2),
    lesson=st.from_regex(r"[A-Za-z0-9-]{0,60}", fullmatch=True),
    step=st.integers(1, view.MOST_STEPS),
    read=st.booleans(),
)


@given(views, st.sampled_from(sorted(PRESETS)), st.booleans())
def test_every_state_of_a_page_survives_its_link(shown: View, key: str, watched: bool) -> None:
    config, run_id = PRESETS[key].config, RUN if watched else None

    assert link.read(link.write(config, run_id, shown)) == link.Link(config, run_id, (), shown)


@given(st.dictionaries(st.sampled_from(view.PARAMETERS), st.text(max_size=200)))
def test_rubbish_costs_a_sentence_each_and_no_field(parameters: dict[str, str]) -> None:
    found = link.read(parameters | {"hidden": "32"})

    assert found.config == RunConfig(hidden=32)
    assert len(found.problems) <= 2 * len(parameters)
    assert link.read(link.write(found.config, None, found.view)).view == found.view


def test_what_is_wrong_is_named() -> None:
    given_link = {"pictures": "loss,nonsense", "lecture": "yes", "teach": "P1,P99", "v": "7"}
    problems = link.read(given_link | {"lesson": "../../etc", "step": "0", "read": "all"}).problems

    assert [(problem.path, problem.sentence.partition(" ")[0]) for problem in problems] == [
        ("pictures", "'nonsense'"),
        ("lecture", "'yes'"),
        ("teach", "'P99'"),
        ("lesson", "'../../etc'"),
        ("step", "'0'"),
        ("read", "'all'"),
        ("v", "Version"),
    ]


def test_a_step_is_a_whole_number_whatever_digits_a_stranger_writes() -> None:
    for text in ("²", "١", "1.0", "-1", "", "100", "9" * 5000):
        found = link.read({"step": text})

        assert found.view.step == 1
        assert [problem.path for problem in found.problems] == ["step"]


def test_links_from_before_there_were_versions_still_open() -> None:
    assert link.read({"cell.recurrent_init.kind": "orthogonal", "run": RUN}) == link.Link(
        PRESETS["P2b"].config, RUN, ()
    )


def test_no_parameter_is_also_a_field_and_every_group_can_be_hidden() -> None:
    assert not set(view.PARAMETERS) & set(RunConfig.model_fields)
    assert {group.name for group in form.GROUPS} <= set(CONTROLS)

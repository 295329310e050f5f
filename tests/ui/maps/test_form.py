"""Every setting that may be an axis can be chosen in the form."""

import pytest

from playground.sweeps.fields import paths
from playground.training.config import RunConfig
from playground.training.presets import PRESETS
from playground.ui.maps.form import offered


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_axis_stands_in_the_form_under_a_heading(preset):
    config = PRESETS[preset].config

    names = offered(config)

    assert set(names) == set(paths(config))
    assert len(set(names.values())) == len(names)
    assert all(" · " in name for name in names.values())


def test_settings_stand_in_the_order_of_the_playgrounds_form():
    names = list(offered(RunConfig()))

    assert names.index("task.length") < names.index("cell.activation.kind") < names.index("cell.recurrent_init.gain")
    assert names.index("cell.recurrent_init.gain") < names.index("clip.kind") < names.index("optimizer.learning_rate")

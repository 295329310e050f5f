"""A map's parameters beside those of its network."""

from playground.sweeps import links
from playground.sweeps.ready import READY
from playground.ui import link


def test_what_a_map_says_is_no_mistake_on_any_page():
    spec = READY["init-activation-clip"].spec

    read = link.read(link.write(spec.base, None) | links.write(spec) | {link.MAP: "20260131-235959-0123abcd"})

    assert read.problems == ()
    assert links.read(links.write(spec), spec.base).spec == spec


def test_the_updates_of_a_map_are_those_of_a_run_of_it():
    assert "updates" not in link.OF_MAPS
    assert link.read({"updates": "60"}).config.updates == 60

import pytest

from playground.ui.live.share import LONGEST, MOST, SHORTEST, Share


def played(share, clock, runs, cost, seconds):
    """Runs that each make a frame, of this cost, at every interval; the share of a core that this took at the end."""
    end, late, spent = clock[0] + seconds, clock[0] + seconds - 5, 0.0
    while clock[0] < end:
        for _ in range(runs):
            share.spend(cost)
            spent += cost if clock[0] >= late else 0.0
        clock[0] += share.interval
    return spent / 5


@pytest.fixture
def clock():
    return [0.0]


@pytest.mark.parametrize("runs", [1, 40])
@pytest.mark.parametrize("cost", [0.002, 0.004])
def test_all_slow_down_evenly_to_keep_the_share(clock, runs, cost):
    share = Share(lambda: clock[0])
    taken = played(share, clock, runs, cost, 30)
    wanted = runs * cost / MOST
    assert share.interval == pytest.approx(min(LONGEST, max(SHORTEST, wanted)), rel=0.2)
    assert taken <= MOST * 1.2


def test_forty_runs_of_three_milliseconds_each_keep_two_frames_a_second(clock):
    share = Share(lambda: clock[0])
    played(share, clock, 40, 0.003, 30)
    assert share.interval <= 0.5


def test_it_goes_back_when_there_is_room_again(clock):
    share = Share(lambda: clock[0])
    played(share, clock, 40, 0.01, 20)
    assert share.interval > 3 * SHORTEST
    played(share, clock, 1, 0.002, 20)
    assert share.interval == SHORTEST


def test_one_costly_frame_does_not_stop_everything(clock):
    share = Share(lambda: clock[0])
    clock[0] += 1
    share.spend(5.0)
    assert share.interval <= 1.5 * SHORTEST

"""Turns are fair; the pulse beats."""

import threading
import time

from playground.runs.pulse import Pulse
from playground.runs.turns import Turns


def test_turns_are_given_in_the_order_of_asking():
    turns, order, asked = Turns(), [], threading.Semaphore(0)

    def take(name):
        asked.release()
        with turns:
            order.append(name)

    with turns:
        threads = []
        for name in range(20):
            threads.append(threading.Thread(target=take, args=(name,)))
            threads[-1].start()
            asked.acquire()
            while len(turns._waiting) <= name:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_one_at_a_time_and_nobody_starves():
    turns, inside, counts, over = Turns(), [], [0] * 8, threading.Event()
    start = threading.Barrier(8)

    def work(mine):
        start.wait()
        while not over.is_set():
            with turns:
                inside.append(mine)
                assert inside == [mine]
                time.sleep(0.0005)
                inside.pop()
            counts[mine] += 1

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.4)
    over.set()
    for thread in threads:
        thread.join()
    assert max(counts) - min(counts) <= 5  # an ordinary lock: tens
    assert min(counts) > 0


def test_who_goes_ahead_is_next_and_the_others_keep_their_order():
    turns, order = Turns(), []

    def go(name, turn):
        with turn:
            order.append(name)

    with turns:
        threads = []
        for name, turn in (("one", turns), ("two", turns), ("ahead", turns.ahead())):
            threads.append(threading.Thread(target=go, args=(name, turn)))
            threads[-1].start()
            while len(turns._waiting) < len(threads):
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == ["ahead", "one", "two"]


def test_an_error_in_a_turn_passes_it_on():
    turns = Turns()
    for _ in range(3):
        try:
            with turns:
                raise ValueError
        except ValueError:
            pass
    with turns:
        pass


def test_the_pulse_beats_while_somebody_is_inside_and_one_thread_is_enough():
    pulse, beats = Pulse(every=0.01), []
    for _ in range(5):
        with pulse.calling(lambda: beats.append(threading.get_ident())):
            assert pulse.running == 1
    with pulse.calling(lambda: beats.append(threading.get_ident())):
        while len(set(beats)) < 2 or len(beats) < 12:
            time.sleep(0.01)
    assert len(set(beats)) == 2  # who enters beats once; the thread beats the rest
    assert pulse.running == 0
    time.sleep(0.05)
    count = len(beats)
    time.sleep(0.05)
    assert len(beats) == count


def test_a_beat_that_fails_does_not_end_the_pulse():
    pulse, beats = Pulse(every=0.01), []

    def beat():
        beats.append(1)
        if len(beats) > 1:
            raise OSError("full")

    with pulse.calling(beat):
        while len(beats) < 4:
            time.sleep(0.01)

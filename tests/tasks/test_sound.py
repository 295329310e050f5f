"""Melodies as sound: length, loudness, pitch, no clicks."""

import numpy as np
import pytest

from playground.tasks.sound import wave_of
from playground.tasks.views import Notes


def loudest_frequency(wave, rate):
    padded = np.abs(np.fft.rfft(wave * np.hanning(len(wave)), 16 * len(wave)))
    return padded.argmax() * rate / (16 * len(wave))


@pytest.mark.parametrize(("pitch", "hertz"), [(69, 440.0), (57, 220.0), (60, 261.626), (84, 1046.502)])
@pytest.mark.parametrize("rate", [22050, 44100])
def test_a_note_has_its_frequency(pitch, hertz, rate):
    wave = wave_of(Notes((pitch,), seconds=0.5), rate)
    assert loudest_frequency(wave, rate) == pytest.approx(hertz, abs=1)


@pytest.mark.parametrize("rate", [8000, 22050])
def test_one_stretch_of_sound_for_each_note(rate):
    wave = wave_of(Notes((60, -1, 84, 127), seconds=0.25), rate)
    assert wave.dtype == np.float32
    assert len(wave) == 4 * round(0.25 * rate)
    first, rest, second, _ = wave.reshape(4, -1)
    assert not rest.any()
    assert 0.2 < np.abs(first).max() <= 1
    assert 0.2 < np.abs(second).max() <= 1
    assert np.isfinite(wave).all()


def test_nothing_clicks():
    """At the edges of a note the sound is nearly silent, and it changes no faster than its overtones do."""
    notes = wave_of(Notes((60, 60, 67, -1, 72))).reshape(5, -1)
    assert np.abs(notes[:, [0, -1]]).max() < 0.01
    assert np.abs(np.diff(notes.reshape(-1))).max() < 2 * np.pi * 4 * 523 / 22050


def test_what_a_sampling_rate_cannot_carry_is_left_out():
    """MIDI 127 is 12.5 kHz: above half of 22,050 Hz it would come out as another note."""
    assert not wave_of(Notes((127,))).any()
    assert wave_of(Notes((127,)), 44100).any()


def test_no_notes_make_no_sound():
    assert wave_of(Notes(())).shape == (0,)

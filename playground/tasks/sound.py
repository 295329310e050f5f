"""A melody as sound."""

import numpy as np
from numpy.typing import NDArray

from playground.tasks.views import Notes

LOUDNESS = np.array([1.0, 0.5, 0.25, 0.125])
"""Of the overtones 1, 2, 3, 4: a soft, bell-like tone."""

DECAY = 4.0
"""Natural logarithms by which a note dies away over its step."""

RAMP = 0.01
"""Seconds in which a note comes and goes: from one sample to the next a loudspeaker would click."""


def wave_of(notes: Notes, rate: int = 22050) -> NDArray[np.float32]:
    """The sound wave, −1 … 1, at `rate` samples a second. A rest is silence.

    Of a note at f Hz, t seconds after its beginning: e^(−DECAY·t/step) · Σ_k a_k sin(2πkft), Σ a_k ≤ 1, overtones
    above half the rate left out; f = 440 · 2^((pitch − 69)/12).
    """
    samples = round(notes.seconds * rate)
    t = np.arange(samples) / rate
    pitches = np.array(notes.pitches)[:, None]
    tones = 440 * 2 ** ((pitches - 69) / 12) * np.arange(1, len(LOUDNESS) + 1)  # (notes, overtones)
    loudness = np.where((pitches >= 0) & (tones < rate / 2), LOUDNESS / LOUDNESS.sum(), 0)
    wave = np.zeros((len(pitches), samples))
    for tone, loud in zip(tones.T, loudness.T, strict=True):
        wave += loud[:, None] * np.sin(2 * np.pi * tone[:, None] * t)
    fade = np.minimum(1, np.minimum(t, notes.seconds - t) / RAMP)
    return (wave * np.exp(-DECAY * t / notes.seconds) * np.maximum(fade, 0)).reshape(-1).astype(np.float32)

"""Event files hold what was measured: read back by TensorBoard's own reader. Skipped where that is not installed."""

import io
import zipfile

import numpy as np
import pytest

from playground.runs.export import export
from playground.runs.worker import run_folder
from playground.training.presets import PRESETS

pytest.importorskip("tensorboard", reason="tensorboard is an extra: pip install tensorboard")


@pytest.mark.filterwarnings("ignore")  # of tensorboard's own, which is not ours to mend
def test_scalars_and_histograms_are_read_back(catalog, tmp_path):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    folder = catalog.create(PRESETS["P5"].config.patched({"pace": 0}))
    run_folder(folder.path)
    measurements = folder.read()
    zipfile.ZipFile(io.BytesIO(export(folder, "tensorboard"))).extractall(tmp_path)

    events = EventAccumulator(str(tmp_path / folder.run_id), size_guidance={"scalars": 0, "histograms": 0}).Reload()

    loss = measurements["loss"]
    assert [event.step for event in events.Scalars("loss")] == loss.updates.tolist()
    np.testing.assert_array_equal([e.value for e in events.Scalars("loss")], loss.values.astype(np.float32))
    norms = measurements["gradient_norm_before"]
    found = [event.value for event in events.Scalars(f"gradient_norm_before/{norms.spec.labels[1]}")]
    np.testing.assert_array_equal(found, norms.values[:, 1].astype(np.float32))
    histogram, counts = events.Histograms("weights/U")[0], measurements["weight_histogram"].values[0]
    U = measurements["weight_histogram"].spec.labels.index("U")
    assert histogram.histogram_value.num == 64 * 64
    assert sorted(filter(None, histogram.histogram_value.bucket)) == sorted(filter(None, counts[U]))

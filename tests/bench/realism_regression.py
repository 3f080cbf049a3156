"""A logistic regression that is judged on patients it has not seen."""

from importlib import import_module
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FOLDS: Final = 10
_MOST_STEPS: Final = 1000
_ROOMS: Final = ("impute", "linear_model", "model_selection", "pipeline", "preprocessing")
"""Of scikit-learn, which is not installed everywhere."""


def out_of_fold(
    values: NDArray[np.float64], is_simulated: NDArray[np.bool_], patient: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the log odds of "simulated" by models that never saw the patient.

    Parameters
    ----------
    values
        A row for each strip, a column for each feature; NaN where a strip lacks it.
    """
    impute, linear, selection, pipeline, preprocessing = (
        import_module(f"sklearn.{room}") for room in _ROOMS
    )
    model = pipeline.make_pipeline(
        impute.SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        preprocessing.StandardScaler(),
        linear.LogisticRegression(max_iter=_MOST_STEPS),
    )
    folds = selection.GroupKFold(min(_FOLDS, int(patient.max()) + 1))
    odds = selection.cross_val_predict(
        model, values, is_simulated, groups=patient, cv=folds, method="decision_function"
    )
    return np.asarray(odds, np.float64)

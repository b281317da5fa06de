"""k-means or a Gaussian mixture with scikit-learn and the reference's settings."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import sklearn
from serve import serve
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--values", type=Path, required=True)
parser.add_argument("--type", required=True)
parser.add_argument("--method", choices=["kmeans", "gmm"], required=True)
parser.add_argument("--components", type=int, required=True)
parser.add_argument("--threads", type=int, default=1)
options = parser.parse_args()

values = np.fromfile(options.values, options.type).astype(np.float64).reshape(-1, 1)
common = {"tol": 0.001, "n_init": 20, "max_iter": 1000, "random_state": 0}


def fit() -> object:
    if options.method == "kmeans":
        return KMeans(n_clusters=options.components, init="k-means++", **common).fit(values)
    mixture = GaussianMixture(
        n_components=options.components, covariance_type="full", init_params="kmeans", **common
    )
    return mixture.fit(values).predict(values)


with threadpool_limits(options.threads):
    serve({"name": f"scikit-learn {sklearn.__version__}", "threads": options.threads}, fit)

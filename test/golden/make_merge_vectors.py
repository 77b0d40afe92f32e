"""Makes merge-vectors.json: what statsmodels and SciPy say, for the mean over hosts to agree with.

    pip install numpy scipy statsmodels && python3 test/golden/make_merge_vectors.py

statsmodels has Paule and Mandel's tau ("iterated") and Hartung and Knapp's interval, by other code. The interval of
tau is by SciPy's root finder on Q, with its chi-squared quantiles; tau is found that way, too, and must be the same.
"""

import json
import math
import pathlib

import numpy as np
import scipy
import statsmodels
from scipy import optimize, stats
from statsmodels.stats.meta_analysis import combine_effects

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(20261201)


def q_of(tau2, y, v):
    w = 1 / (v + tau2)
    return float(np.sum(w * (y - np.average(y, weights=w)) ** 2))


def tau2_at(wanted, y, v):
    if q_of(0, y, v) <= wanted:
        return 0.0
    top = 1.0
    while q_of(top, y, v) > wanted:
        top *= 2
    return float(optimize.brentq(lambda t: q_of(t, y, v) - wanted, 0, top, xtol=1e-18, rtol=1e-14))


def expected(groups):
    y, v = (np.array(each) for each in zip(*groups))
    k = len(y)
    tau2 = tau2_at(k - 1, y, v)
    theirs = combine_effects(y, v, method_re="iterated", use_t=True, atol=1e-16, maxiter=1000)
    assert math.isclose(theirs.tau2, tau2, rel_tol=1e-5, abs_tol=1e-12), (theirs.tau2, tau2)
    # Their interval at our tau, which is known to more digits than their iteration gives.
    w = 1 / (v + tau2)
    mean = float(np.average(y, weights=w))
    error = math.sqrt(q_of(tau2, y, v) / (k - 1) / np.sum(w))
    half = float(stats.t.ppf(0.975, k - 1)) * error
    low, high = theirs.conf_int()[3]  # Random effects, with Hartung and Knapp's variance.
    assert math.isclose(low, mean - half, rel_tol=1e-5, abs_tol=1e-9), (low, mean - half)
    assert math.isclose(high, mean + half, rel_tol=1e-5, abs_tol=1e-9), (high, mean + half)
    low, high = (math.sqrt(tau2_at(stats.chi2.ppf(p, k - 1), y, v)) for p in [0.975, 0.025])
    return {
        "mean": {"point": mean, "low": mean - half, "high": mean + half},
        "tau": {"point": math.sqrt(tau2), "low": low, "high": high},
    }


def drawn(k, tau, noise):
    v = (noise * random.uniform(0.5, 2, k)) ** 2
    y = 0.1 + tau * random.standard_normal(k) + np.sqrt(v) * random.standard_normal(k)
    return [(float(a), float(b)) for a, b in zip(y, v)]


# The first two can be followed by hand. Two groups of equal noise: tau^2 = (y1 - y2)^2 / 2 - v.
sets = [
    [(0.0, 0.01), (0.4, 0.01)],
    [(1.0, 0.5), (2.0, 0.5), (3.0, 0.5)],
    [(0.1, 0.02), (0.1, 0.02), (0.1, 0.02)],
    [(0.0, 1e-12), (0.01, 1e-12), (0.05, 1e-12)],
    drawn(2, 0.05, 0.02),
    drawn(3, 0.0, 0.02),
    drawn(5, 0.03, 0.02),
    drawn(5, 0.3, 0.02),
    drawn(10, 0.01, 0.02),
    drawn(20, 0.02, 0.01),
]

vectors = {
    "madeWith": {
        "statsmodels": statsmodels.__version__,
        "scipy": scipy.__version__,
        "numpy": np.__version__,
    },
    "randomEffects": [
        {"groups": [{"value": y, "variance": v} for y, v in groups], "expected": expected(groups)}
        for groups in sets
    ],
}
(HERE / "merge-vectors.json").write_text(json.dumps(vectors, indent=1) + "\n")

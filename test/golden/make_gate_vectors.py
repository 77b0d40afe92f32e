"""Makes gate-vectors.json: what SciPy, NumPy and R say, for the gate's statistics to agree with.

    apt-get install python3-scipy r-base-core && /usr/bin/python3 test/golden/make_gate_vectors.py

The Hodges-Lehmann estimate with its exact interval is R's wilcox.test(conf.int = TRUE).
"""

import json
import math
import pathlib
import subprocess

import numpy as np
import scipy
from scipy import stats

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(20261207)


def sample(n, scale, centre):
    return [float(x) for x in random.normal(centre, scale, n)]


def whole(n, low, high):
    return [float(x) for x in random.integers(low, high, n, endpoint=True)]


# No ties and no zeros.
untied = [
    [0.5],
    [-1.0, 2.0],
    [1.0, 2.0, 3.0, 4.0, 5.0],
    sample(6, 0.01, 0.005),
    sample(12, 0.05, -0.02),
    sample(20, 0.01, 0.0),
    sample(20, 0.01, 0.008),
    sample(50, 0.08, 0.03),
    sample(80, 0.05, 0.015),
    sample(80, 0.05, 0.05),
    sample(120, 1.0, -0.1),
]
# Ties, zeros or both.
tied = [
    [1.0, 1.0],
    [0.0, 3.0, -3.0],
    [0.0, 0.0, 1.0, 2.0, 2.0],
    whole(9, -3, 5),
    whole(12, -4, 4),
    whole(14, -2, 4),
    [0.25, 0.25, 0.25, -0.25, 0.5, 0.5, 0.75, -0.125, 1.0, 1.0],
]
def hodges_lehmann(values, confidence):
    """R gives the whole range where even that has less than the confidence; here that is none."""
    text = ",".join(repr(v) for v in values)
    code = (
        f"x <- c({text}); options(digits = 17);"
        f"t <- wilcox.test(x, conf.int = TRUE, conf.level = {confidence}, exact = TRUE);"
        "cat(sprintf('%.17g', c(t$estimate, t$conf.int)))"
    )
    out = subprocess.run(
        ["Rscript", "-e", code], capture_output=True, text=True, check=True
    ).stdout.split()
    point, low, high = map(float, out)
    enough = 2 / 2 ** len(values) <= 1 - confidence
    return {"point": point, "low": low if enough else None, "high": high if enough else None}


def walsh_median(values):
    x = np.array(values)
    i, j = np.triu_indices(len(x))
    return float(np.median((x[i] + x[j]) / 2))


def shamos(values):
    x = np.array(values)
    i, j = np.triu_indices(len(x), 1)
    return float(np.median(np.abs(x[i] - x[j])) / (math.sqrt(2) * stats.norm.ppf(0.75)))


def proportion(events, trials, confidence):
    """Clopper-Pearson by the beta distribution: binomtest stops its search at 1e-12."""
    alpha = (1 - confidence) / 2
    beta = stats.beta.ppf
    return {
        "events": events,
        "trials": trials,
        "confidence": confidence,
        "clopperPearson": {
            "low": float(beta(alpha, events, trials - events + 1)) if events > 0 else 0.0,
            "high": float(beta(1 - alpha, events + 1, trials - events)) if events < trials else 1.0,
        },
    }


counts = [(0, 1), (1, 1), (0, 20), (3, 20), (20, 20), (19, 20), (1, 100), (50, 100), (0, 2000),
          (1800, 2000), (7, 10000), (5000, 10000), (9999, 10000)]
vectors = {
    "madeWith": {
        "scipy": scipy.__version__,
        "numpy": np.__version__,
        "r": subprocess.run(
            ["Rscript", "-e", "cat(as.character(getRversion()))"],
            capture_output=True, text=True, check=True,
        ).stdout,
    },
    "normal": [
        {"z": z, "share": float(stats.norm.cdf(z))}
        for z in [-4.75, -3.5, -1.96, -0.7, -1e-3, 0.0, 0.25, 1.0, 2.326, 4.2]
    ],
    "hodgesLehmann": [
        {"values": values, "confidence": confidence, "expected": hodges_lehmann(values, confidence)}
        for values in untied
        if len(values) > 1
        for confidence in [0.8, 0.95, 0.99]
    ],
    "pseudoMedian": [{"values": values, "expected": walsh_median(values)} for values in untied + tied],
    "robustDeviation": [
        {"values": values, "expected": shamos(values)} for values in untied + tied if len(values) > 1
    ],
    "proportions": [
        proportion(events, trials, confidence)
        for events, trials in counts
        for confidence in [0.8, 0.95, 0.99]
    ],
}


def lines(value, depth=0):
    """JSON with a line per vector, and not one per number."""
    if isinstance(value, dict) and depth < 2:
        body = [f"{json.dumps(key)}: {lines(item, depth + 1)}" for key, item in value.items()]
        return "{\n" + ",\n".join(body) + "\n}"
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(json.dumps, value)) + "\n]"
    return json.dumps(value)


(HERE / "gate-vectors.json").write_text(lines(vectors) + "\n")

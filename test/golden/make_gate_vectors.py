"""Makes gate-vectors.json: what SciPy, NumPy and R say, for the gate's statistics to agree with.

    apt-get install python3-scipy r-base-core && /usr/bin/python3 test/golden/make_gate_vectors.py

SciPy's exact Wilcoxon table knows no ties, so those p-values come from its permutation test over all
2^n signs. The Hodges-Lehmann estimate with its exact interval is R's wilcox.test(conf.int = TRUE).
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
ALTERNATIVES = ["greater", "less", "two-sided"]


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
# Ties, zeros or both; few enough that all signs can be tried.
tied = [
    [1.0, 1.0],
    [0.0, 3.0, -3.0],
    [0.0, 0.0, 1.0, 2.0, 2.0],
    whole(9, -3, 5),
    whole(12, -4, 4),
    whole(14, -2, 4),
    [0.25, 0.25, 0.25, -0.25, 0.5, 0.5, 0.75, -0.125, 1.0, 1.0],
]
large = [sample(201, 1.0, 0.1), sample(300, 0.05, 0.0), whole(400, -9, 10), whole(250, -3, 4)]


def positive_ranks(values):
    """The ranks, with the signs of the differences, so that flipping a sign flips the rank's."""
    values = np.array([v for v in values if v != 0])
    return np.sign(values) * stats.rankdata(np.abs(values))


def by_permutation(values, alternative):
    ranks = positive_ranks(values)

    def statistic(x, axis):
        return np.sum(np.maximum(x, 0), axis=axis)

    found = stats.permutation_test(
        (ranks,), statistic, permutation_type="samples", alternative=alternative,
        n_resamples=np.inf, vectorized=True,
    )
    return float(found.pvalue)


def signed_rank(values, p):
    ranks = positive_ranks(values)
    return {
        "values": values,
        "n": len(ranks),
        "statistic": float(np.sum(np.maximum(ranks, 0))),
        "p": {alternative: float(p(values, alternative)) for alternative in ALTERNATIVES},
    }


def exact(values, alternative):
    return stats.wilcoxon(values, alternative=alternative, method="exact").pvalue


def approximate(values, alternative):
    return stats.wilcoxon(
        values, alternative=alternative, method="approx", correction=True
    ).pvalue


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


def holm(p):
    text = ",".join(repr(x) for x in p)
    code = f"cat(sprintf('%.17g', p.adjust(c({text}), 'holm')))"
    out = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=True)
    return [float(x) for x in out.stdout.split()]


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
    "signedRank": {
        "exact": [signed_rank(values, exact) for values in untied],
        "tied": [signed_rank(values, by_permutation) for values in tied],
        "large": [signed_rank(values, approximate) for values in large],
    },
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
    "holm": [
        {"p": p, "expected": holm(p)}
        for p in [
            [0.03],
            [0.01, 0.04, 0.03, 0.005],
            [0.02, 0.02, 0.02],
            [0.9, 0.5, 0.0, 1.0, 0.5],
            [float(x) for x in random.uniform(0, 0.05, 12)],
        ]
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

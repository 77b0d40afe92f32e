"""Makes vectors.json: what SciPy and NumPy say, for the statistics to agree with.

    python3 test/golden/make_vectors.py

`analysis` is computed from the raw rounds of results.json, by other code than the one under test.
"""

import json
import math
import pathlib

import numpy as np
import scipy
from scipy import stats

HERE = pathlib.Path(__file__).parent
random = np.random.default_rng(20261123)


def sample(n, scale, centre):
    return [float(x) for x in random.normal(centre, scale, n)]


samples = [
    [3.0],
    [1.0, 2.0],
    [5.0, 5.0, 5.0],
    [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16],
    sample(3, 0.08, 0.35),
    sample(8, 1.0, 0.0),
    sample(24, 12.0, 160.0),
    sample(101, 1e-6, 1e-5),
]


def interval(values, confidence):
    n = len(values)
    mean = float(np.mean(values))
    if n < 2:
        return {"point": mean, "low": None, "high": None}
    low, high = stats.t.interval(confidence, n - 1, loc=mean, scale=stats.sem(values))
    # SciPy has no interval (NaN) where all values are equal.
    return {
        "point": mean,
        "low": mean if math.isnan(low) else float(low),
        "high": mean if math.isnan(high) else float(high),
    }


def exp(estimate):
    return {key: None if value is None else math.exp(value) for key, value in estimate.items()}


def geometric(values):
    return exp(interval([math.log(value) for value in values], 0.95))


def pseudo_median(values):
    """Hodges and Lehmann: the median of the Walsh averages."""
    x = np.array(values)
    rows, columns = np.triu_indices(len(x))
    return float(np.median((x[rows] + x[columns]) / 2))


def analyse(cells, reference):
    rate = {
        cell["contestant"]["policy"]: {
            round["round"]: {s["turn"]: s["jobs"] / s["ms"] for s in round["slices"]}
            for round in cell["rounds"]
        }
        for cell in cells
        if cell["rounds"]
    }
    out = {}
    for cell in cells:
        if not cell["rounds"]:
            continue
        policy = cell["contestant"]["policy"]
        logs = [
            pseudo_median(
                [math.log(r / rate[reference][number][turn]) for turn, r in turns.items()]
            )
            for number, turns in rate[policy].items()
        ]
        cpu = [
            sum(s["cpuUserUs"] + s["cpuSystemUs"] for s in r["slices"])
            / sum(s["allJobs"] for s in r["slices"])
            for r in cell["rounds"]
        ]
        rates = [
            math.exp(pseudo_median([math.log(r) for r in turns.values()])) * 1000
            for turns in rate[policy].values()
        ]
        out[policy] = {
            "throughput": geometric(rates),
            "ratio": exp(interval(logs, 0.95)),
            "cpuPerJob": geometric(cpu),
            "firstJob": geometric([r["firstJobMs"] for r in cell["rounds"]]),
            "outliers": outliers(cell["rounds"]),
            "latency": durations(
                cell["rounds"], "latency", {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999}
            ),
            "lag": durations(cell["rounds"], "lag", {"p50": 0.5, "p99": 0.99}),
            "memory": {
                "peakBytes": max(r["measures"]["memory"]["peakBytes"] for r in cell["rounds"]),
                "growthBytes": float(
                    np.median([r["measures"]["memory"]["growthBytes"] for r in cell["rounds"]])
                ),
            },
            "gc": gc(cell["rounds"]),
            "switches": {
                f"{which}PerJob": sum(r["measures"]["switches"][which] for r in cell["rounds"])
                / all_jobs(cell["rounds"])
                for which in ["voluntary", "involuntary"]
            },
        }
    return out


def all_jobs(rounds):
    return sum(s["allJobs"] for r in rounds for s in r["slices"])


def gc(rounds):
    ms = sum(r["measures"]["gc"]["ms"] for r in rounds)
    slices = [s for r in rounds for s in r["slices"]]
    # The slices' whole time is not recorded: their jobs at the pace of the samples stand for it.
    pace = sum(s["ms"] for s in slices) / sum(s["jobs"] for s in slices)
    return {
        "count": sum(r["measures"]["gc"]["count"] for r in rounds),
        "ms": ms,
        "share": ms / (pace * all_jobs(rounds)),
    }


def durations(rounds, which, shares):
    """Quantiles by nearest rank, of every value at the middle of its bucket; ms."""
    values = []
    for r in rounds:
        counts = r["measures"][which]
        for index, count in zip(counts[::2], counts[1::2]):
            # 128 buckets of 1 ns, then 64 to each octave: [2^k, 2^(k+1)) from k = 7 on.
            octave, place = divmod(index, 64)
            width = 2.0 ** max(0, octave - 1)
            low = index if octave < 2 else 64 * width + place * width
            values += [(low + (width - 1) / 2) / 1e6] * count
    return {
        "count": len(values),
        **{k: float(np.quantile(values, p, method="inverted_cdf")) for k, p in shares.items()},
        "max": max(values),
    }


def harness(cells):
    def share(r):
        samples = sum(len(s["samplesMs"]) for s in r["slices"])
        jobs = sum(s["jobs"] for s in r["slices"])
        cost_us = samples * r["harness"]["sampleUs"] + jobs * r["harness"]["jobUs"]
        return cost_us / 1000 / sum(s["ms"] for s in r["slices"])

    rounds = [r for cell in cells for r in cell["rounds"]]
    return {
        "sampleUs": float(np.median([r["harness"]["sampleUs"] for r in rounds])),
        "jobUs": float(np.median([r["harness"]["jobUs"] for r in rounds])),
        "worstShare": max(
            float(np.median([share(r) for r in cell["rounds"]])) for cell in cells if cell["rounds"]
        ),
    }


def outliers(rounds):
    """Tukey's fences within each round."""
    counted = {"samples": 0, "mild": 0, "severe": 0}
    for r in rounds:
        samples = np.array([ms for s in r["slices"] for ms in s["samplesMs"]])
        low, high = np.quantile(samples, [0.25, 0.75])
        beyond = np.maximum(low - samples, samples - high) / (high - low)
        counted["samples"] += len(samples)
        counted["severe"] += int((beyond > 3).sum())
        counted["mild"] += int(((beyond > 1.5) & (beyond <= 3)).sum())
    return counted


results = json.loads((HERE / "results.json").read_text())
cases = {}
for cell in results["cells"]:
    cases.setdefault((cell["workload"], json.dumps(cell["params"])), []).append(cell)

def change(a, b):
    """Welch's interval of the difference of means, of logs."""
    result = scipy.stats.ttest_ind(b, a, equal_var=False)
    ends = result.confidence_interval(0.95)
    return exp(
        {"point": float(np.mean(b) - np.mean(a)), "low": float(ends.low), "high": float(ends.high)}
    )


def detectable(a, b):
    """Bloom's minimum detectable effect for Welch's t, and the power it has in truth."""
    result = scipy.stats.ttest_ind(b, a, equal_var=False)
    error = math.hypot(stats.sem(a), stats.sem(b))
    effect = stats.t.ppf(0.975, result.df) + stats.t.ppf(0.8, result.df)
    power = stats.nct.sf(stats.t.ppf(0.975, result.df), result.df, effect)
    return {"share": math.expm1(effect * error), "freedom": float(result.df), "power": float(power)}


pairs = [
    ([0.1, 0.12, 0.09], [0.2, 0.25, 0.22, 0.19]),
    ([-0.5, 0.5], [0.01, 0.0, -0.01, 0.02, 0.0]),
    ([0.3, 0.31, 0.29, 0.3, 0.32], [0.3, 0.1]),
    (sample(12, 0.05, 0.3), sample(9, 0.09, 0.28)),
    ([0.1, 0.3], [0.2, 0.4]),
]

shares = [0, 0.01, 0.1, 0.25, 1 / 3, 0.5, 0.75, 0.9, 0.999, 1]
vectors = {
    "madeWith": {"scipy": scipy.__version__, "numpy": np.__version__},
    "quantiles": [
        {"values": values, "p": p, "expected": float(np.quantile(values, p))}
        for values in samples
        for p in shares
    ],
    "intervals": [
        {"values": values, "confidence": confidence, "expected": interval(values, confidence)}
        for values in samples
        for confidence in [0.8, 0.95, 0.99]
    ],
    "deviations": [
        {"values": values, "expected": float(np.std(values, ddof=1))}
        for values in samples
        if len(values) > 1
    ],
    "changes": [
        {"a": a, "b": b, "expected": change(a, b), "detectable": detectable(a, b)} for a, b in pairs
    ],
    "analysis": [
        {"workload": workload, "params": json.loads(params), "expected": analyse(cells, "microtask")}
        for (workload, params), cells in cases.items()
    ],
    "harness": harness(results["cells"]),
}
(HERE / "vectors.json").write_text(json.dumps(vectors, indent=1) + "\n")

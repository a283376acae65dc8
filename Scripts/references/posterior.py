"""Reference of the integrated posterior of one patient: the same prior, by Metropolis sampling.

Reads a long table (patient, month, therapy_month, mune), fits model m3 to ln(mune) by sampling the five variance
parameters under the prior of VariancePrior, and prints mean, SD and P(slowing) of the first patient's change of slope.

    python3 Scripts/references/posterior.py als40_dropout.csv [draws] [seed]
"""
import csv
import math
import sys

import numpy as np
from scipy.optimize import minimize

rows = [r for r in csv.DictReader(open(sys.argv[1]))]
draws = int(sys.argv[2]) if len(sys.argv) > 2 else 60000
rng = np.random.default_rng(int(sys.argv[3]) if len(sys.argv) > 3 else 5)
names = list(dict.fromkeys(r["patient"] for r in rows))
size = max(sum(r["patient"] == n for r in rows) for n in names)
X = np.zeros((len(names), size, 3))
y = np.zeros((len(names), size))
here = np.zeros((len(names), size))
for i, name in enumerate(names):
    for j, r in enumerate(r for r in rows if r["patient"] == name):
        t, start = float(r["month"]), float(r["therapy_month"])
        X[i, j] = 1, t, max(0, t - start)
        y[i, j] = math.log(float(r["mune"]))
        here[i, j] = 1
Z = X
total, p = int(here.sum()), 3


def covariance(q):
    a, b, r, c = math.exp(q[0]), math.exp(q[1]), math.tanh(q[2]), math.exp(q[3])
    return np.array([[a * a, r * a * b, 0], [r * a * b, b * b, 0], [0, 0, c * c]])


def solve(q):
    D, s2 = covariance(q), math.exp(2 * q[4])
    V = Z @ D @ Z.transpose(0, 2, 1)
    V[:, range(size), range(size)] += np.where(here > 0, s2, 1)
    L = np.linalg.cholesky(V)
    A = np.linalg.solve(L, np.concatenate([X, y[:, :, None]], 2))
    M = (A.transpose(0, 2, 1) @ A).sum(0)
    beta = np.linalg.solve(M[:3, :3], M[:3, 3])
    logdet = 2 * np.log(L[:, range(size), range(size)]).sum()
    value = logdet + np.linalg.slogdet(M[:3, :3])[1] + M[3, 3] - M[:3, 3] @ beta
    return value, beta, np.linalg.inv(M[:3, :3]), V, D


start = np.array([math.log(0.45), math.log(0.03), -0.2, math.log(0.015), math.log(0.12)])
fit = minimize(lambda q: solve(q)[0], start, method="Nelder-Mead",
               options=dict(maxiter=8000, maxfev=8000, xatol=1e-9, fatol=1e-11)).x
best = solve(fit)
print("criterion", best[0] + (total - p) * math.log(2 * math.pi))
relative = best[4] / math.exp(2 * fit[4])
information = []
for k in range(3):
    rest = relative.copy()
    rest[k, :] = rest[:, k] = 0
    own = []
    for i in range(len(names)):
        n = int(here[i].sum())
        z = Z[i, :n]
        if z[:, k] @ z[:, k] > 0:
            own.append(z[:, k] @ np.linalg.solve(z @ rest @ z.T + np.eye(n), z[:, k]))
    information.append(np.mean(own))


def density(q):
    if np.abs(q).max() > 60:
        return -np.inf
    value = -0.5 * solve(q)[0]
    s2, r = math.exp(2 * q[4]), math.tanh(q[2])
    for k, place in enumerate((0, 1, 3)):
        ratio = information[k] * math.exp(2 * q[place]) / s2
        value += math.log(ratio) - math.log1p(ratio)
    return value + math.log(max(1e-300, 1 - r * r))


q, own = fit.copy(), density(fit)
q[3] = max(q[3], math.log(0.005))
own = density(q)
scale = np.array([0.12, 0.15, 0.25, 0.8, 0.06])
kept, means, variances, accepted = [], [], [], 0
for step in range(draws):
    if step in (draws // 20, draws // 8):
        scale = np.std(kept, axis=0) + 1e-3
    trial = q + 0.9 * scale * rng.standard_normal(5)
    value = density(trial)
    if math.log(rng.random()) < value - own:
        q, own, accepted = trial, value, accepted + 1
    kept.append(q)
    if step > draws // 6 and step % 10 == 0:
        _, beta, phi, V, D = solve(q)
        n = int(here[0].sum())
        z, x = Z[0, :n], X[0, :n]
        w = np.linalg.solve(V[0, :n, :n], np.column_stack([z[:, 2], y[0, :n] - x @ beta]))
        g = D[2, 2]
        e = np.array([0, 0, 1]) - g * x.T @ w[:, 0]
        means.append(beta[2] + g * z[:, 2] @ w[:, 1])
        variances.append(g - g * g * z[:, 2] @ w[:, 0] + e @ phi @ e)
means, variances = np.array(means), np.array(variances)
mean = means.mean()
halves = [half.mean() for half in np.array_split(means, 10)]
slower = np.mean([0.5 * math.erfc(-m / math.sqrt(2 * v)) for m, v in zip(means, variances)])
print("accepted", accepted / draws, "draws", len(means))
print("change", mean, "Monte Carlo error", np.std(halves) / math.sqrt(10))
print("SD", math.sqrt(means.var() + variances.mean()), "P(slowing)", slower)

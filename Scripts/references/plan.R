# Standard errors of planned trials of two arms with dropout, for Tests/ProgressionTests/StudyPlanTests.swift:
# expected information of the mixed model at known variances, base R.
#   Rscript Scripts/references/plan.R
visits <- -3:6
information <- function(t) {
  X <- cbind(1, t, pmax(0, t))
  D <- matrix(0, 3, 3); D[1, 1] <- .45^2; D[2, 2] <- .03^2; D[3, 3] <- .015^2
  D[1, 2] <- D[2, 1] <- -.2 * .45 * .03
  list(X = X, W = solve(X %*% D %*% t(X) + .12^2 * diag(length(t))))
}
# Share of the leavers who are gone at a share of the time after the first dose.
gone <- list(even = function(x) x, early = sqrt, late = function(x) 1 - sqrt(1 - x))
se <- function(n, ratio, dropout, pattern) {
  after <- 0:5
  left <- gone[[pattern]]((after + 1) / 6) - gone[[pattern]](after / 6)
  last <- c(6, after); share <- c(1 - dropout, dropout * left)
  I <- matrix(0, 4, 4)
  for (arm in 0:1) for (k in seq_along(last)) {
    own <- information(visits[visits <= last[k]])
    X <- cbind(own$X, arm * own$X[, 3])
    I <- I + n * (if (arm == 1) ratio else 1) / (1 + ratio) * share[k] * t(X) %*% own$W %*% X
  }
  sqrt(solve(I)[4, 4])
}
for (ratio in c(1, 2, 3)) for (pattern in names(gone)) for (dropout in c(0, .25))
  cat(sprintf("ratio %g %s dropout %g: %.8f\n", ratio, pattern, dropout, se(720, ratio, dropout, pattern)))

# Reference values of the imputation under jump to reference, copy reference and copy increments.
#
# An independent route to the same numbers: the restricted-likelihood fit of nlme's gls, the conditional means of
# what is missing under each rule (Wolbers et al. 2022), and analysis of covariance of the last visit. Multiple
# imputation has the same mean but for terms of order 1/n. The data are those of trial.R, section 3.
#   Rscript Scripts/references/imputation.R
suppressMessages(library(nlme)); options(digits = 12)
state <- 11
uniform <- function() { state <<- (75 * state + 74) %% 65537; state / 65537 }
normal <- function() { s <- 0; for (k in 1:12) s <- s + uniform(); s - 6 }
g <- do.call(rbind, lapply(1:40, function(i) {
  arm <- i %% 2; base <- 38 + 4 * normal(); u <- normal(); out <- NULL
  for (k in 0:4) { y <- if (k == 0) base else base - 1.1 * k + .45 * arm * k + 1.2 * u * k / 4 + 1.3 * normal()
    keep <- uniform() > if (k < 2) 0 else .15
    if (keep) out <- rbind(out, data.frame(id = i, arm = arm, visit = k, base = base, y = y)) }
  out }))
h <- g[g$visit > 0, ]; h$chg <- h$y - h$base; h$v <- factor(h$visit); h$a <- factor(h$arm); h$cb <- h$base - mean(h$base[h$visit == 1])
m <- gls(chg ~ 0 + v + v:a + v:cb, h, correlation = corSymm(form = ~ visit | id), weights = varIdent(form = ~ 1 | v),
  control = glsControl(maxIter = 500, msMaxIter = 500, tolerance = 1e-12, msTol = 1e-14))
S <- diag(4); full <- names(which(table(h$id) == 4))[1]; S <- as.matrix(getVarCov(m, individual = full))
b <- coef(m)
mu <- function(arm, cb) sapply(1:4, function(k) { w <- names(b)
  val <- b[paste0("v", k)] + cb * b[paste0("v", k, ":cb")]
  if (arm == 1) val <- val + b[grep(paste0("^v", k, ":a1$"), w)]; val })
for (rule in c("mar", "j2r", "cr", "cir")) {
  fill <- do.call(rbind, lapply(unique(h$id), function(i) { d <- h[h$id == i, ]
    y <- rep(NA, 4); y[d$visit] <- d$chg; own <- mu(d$arm[1], d$cb[1]); ref <- mu(0, d$cb[1])
    mean <- own; seen <- own; last <- max(d$visit)
    if (d$arm[1] == 1 && last < 4) { tail <- (last + 1):4
      if (rule == "j2r") mean[tail] <- ref[tail]
      if (rule == "cr") { mean <- ref; seen <- ref }
      if (rule == "cir") mean[tail] <- ref[tail] + own[last] - ref[last] }
    o <- which(!is.na(y)); k <- which(is.na(y))
    if (length(k)) y[k] <- mean[k] + S[k, o, drop = FALSE] %*% solve(S[o, o], y[o] - seen[o])
    data.frame(arm = d$arm[1], cb = d$cb[1], y4 = y[4]) }))
  cat(rule, format(coef(lm(y4 ~ arm + cb, fill))["arm"], digits = 10), "\n") }
suppressMessages(library(mice))
# Rubin's rules: mice 3.15, pool.scalar.
p <- pool.scalar(c(1.2, .8, 1.5, 1.1, .9), c(.25, .3, .28, .22, .26), n = 42, k = 2)
cat("pooled", format(c(p$qbar, p$ubar, p$b, p$t, p$df), digits = 12), "\n")

# Reference values of the tests of survival, correlated residuals, randomised arms and counts.
#
# The data are made by a small generator that Tests/ProgressionTests/TrialData.swift repeats, so that no
# table has to be kept. R 4.2 with survival, nlme, lme4, glmmTMB, clubSandwich, pbkrtest (Debian packages):
#   Rscript Scripts/references/trial.R
suppressMessages({library(survival); library(nlme); library(lme4); library(glmmTMB)})
options(digits = 15)
state <- 1
uniform <- function() { state <<- (75 * state + 74) %% 65537; state / 65537 }
normal <- function() { s <- 0; for (k in 1:12) s <- s + uniform(); s - 6 }
say <- function(name, ...) cat(name, format(c(...), digits = 13), "\n")

# 1. Survival: 48 patients, ties, two arms, three strata.
d <- do.call(rbind, lapply(1:48, function(i) {
  arm <- i %% 2; base <- 30 + 12 * uniform()
  time <- ceiling(4 * (1 + (9 + 4 * arm) * uniform())) / 4
  data.frame(id = i, arm = arm, base = base, time = time, event = as.integer(uniform() < .6),
             stratum = i %% 3) }))
cat("--- survival\n")
f <- survfit(Surv(time, event) ~ arm, d, conf.type = "log-log")
for (a in 0:1) { s <- survfit(Surv(time, event) ~ 1, d[d$arm == a, ], conf.type = "log-log")
  q <- quantile(s, .5); say(paste("median", a), q$quantile, q$lower, q$upper)
  say(paste("rmean", a), summary(s, rmean = 9)$table[c("rmean", "se(rmean)")]) }
say("logrank strata", survdiff(Surv(time, event) ~ arm + strata(stratum), d)$chisq)
m <- coxph(Surv(time, event) ~ arm + base + strata(stratum), d)
say("cox", coef(m), sqrt(diag(vcov(m))), m$loglik)

# 2. Residuals: 20 patients, 9 visits at uneven times, therapy after the fourth.
state <- 7
e <- do.call(rbind, lapply(1:20, function(i) {
  t <- cumsum(c(0, .5 + uniform() + rep(.5, 8))); u <- normal(); v <- normal(); w <- normal(); r <- 0
  T <- t[4] + .1; out <- NULL
  for (k in 1:9) { phi <- if (k == 1) 0 else .5^(t[k] - t[k - 1])
    r <- phi * r + sqrt(1 - phi^2) * normal()
    post <- max(0, t[k] - T)
    out <- rbind(out, data.frame(id = i, t = t[k], post = post, T = T,
      group = if (k %% 3 == 0) "home" else "clinic",
      y = 4 + .4 * u + (-.05 + .03 * v) * t[k] + (.03 + .03 * w) * post +
        .12 * r * (if (k %% 3 == 0) 1.8 else 1))) }
  out }))
cat("--- residuals\n")
ctl <- lmeControl(opt = "optim", maxIter = 500, msMaxIter = 500, reltol = 1e-14)
rnd <- list(id = pdBlocked(list(~t, ~ 0 + post)))
show <- function(name, m) { say(name, -2 * as.numeric(logLik(m)), m$sigma, fixef(m), sqrt(diag(vcov(m))))
  if (!is.null(m$modelStruct$corStruct)) say("  phi", coef(m$modelStruct$corStruct, unconstrained = FALSE))
  if (!is.null(m$modelStruct$varStruct)) say("  var", coef(m$modelStruct$varStruct, unconstrained = FALSE)) }
show("plain", lme(y ~ t + post, e, random = rnd, control = ctl))
show("car1", lme(y ~ t + post, e, random = rnd, control = ctl, correlation = corCAR1(form = ~ t | id)))
show("varIdent", lme(y ~ t + post, e, random = rnd, control = ctl, weights = varIdent(form = ~ 1 | group)))
show("both", lme(y ~ t + post, e, random = rnd, control = ctl, correlation = corCAR1(form = ~ t | id),
  weights = varIdent(form = ~ 1 | group)))
show("varPower", lme(y ~ t + post, e, random = rnd, control = ctl, weights = varPower(form = ~ fitted(.))))
# Without the random change of slope, whose variance may end at zero.
show("car1 m1", lme(y ~ t + post, e, random = ~ t | id, control = ctl, correlation = corCAR1(form = ~ t | id)))

library(clubSandwich)
m <- lme(y ~ t + post, e, random = ~ t | id, control = ctl, correlation = corCAR1(form = ~ t | id))
r <- as.data.frame(coef_test(m, vcov = "CR2", cluster = e$id)); say("CR2 of car1 m1", r$SE, r$df_Satt)

# 3. Randomised arms: 40 patients, baseline and four visits, some missing.
state <- 11
g <- do.call(rbind, lapply(1:40, function(i) {
  arm <- i %% 2; base <- 38 + 4 * normal(); u <- normal(); out <- NULL
  for (k in 0:4) { y <- if (k == 0) base else base - 1.1 * k + .45 * arm * k + 1.2 * u * k / 4 + 1.3 * normal()
    keep <- uniform() > if (k < 2) 0 else .15
    if (keep) out <- rbind(out, data.frame(id = i, arm = arm, visit = k, base = base, y = y)) }
  out }))
g$arm <- factor(g$arm); h <- g[g$visit > 0, ]; h$chg <- h$y - h$base; h$v <- factor(h$visit)
cat("--- arms\n")
gc <- glsControl(maxIter = 500, msMaxIter = 500, tolerance = 1e-12, msTol = 1e-14)
fits <- list(
  us = gls(chg ~ base * v + arm * v, h, correlation = corSymm(form = ~ visit | id),
    weights = varIdent(form = ~ 1 | v), control = gc),
  cs = gls(chg ~ base * v + arm * v, h, correlation = corCompSymm(form = ~ visit | id), control = gc),
  ar1 = gls(chg ~ base * v + arm * v, h, correlation = corAR1(form = ~ visit | id), control = gc))
for (n in names(fits)) { m <- fits[[n]]; b <- coef(m); V <- vcov(m)
  say(n, -2 * as.numeric(logLik(m)))
  for (k in 1:4) { L <- 0 * b; L["arm1"] <- 1; if (k > 1) L[paste0("v", k, ":arm1")] <- 1
    say(paste("  contrast", k), sum(L * b), sqrt(drop(t(L) %*% V %*% L))) } }
suppressMessages(library(pbkrtest)); mc <- lmer(chg ~ base * v + arm * v + (1 | id), h); va <- vcovAdj(mc)
for (k in c(1, 4)) { b <- fixef(mc); L <- 0 * b; L["arm1"] <- 1; if (k > 1) L[paste0("v", k, ":arm1")] <- 1
  say(paste("cs Kenward-Roger", k), sqrt(drop(t(L) %*% as.matrix(va) %*% L)), Lb_ddf(L, vcov(mc), va)) }
g$v <- factor(g$visit); g <- g[order(g$id, g$visit), ]
X <- model.matrix(~ v, g); A <- model.matrix(~ v, g)[, -1] * (g$arm == 1); colnames(A) <- paste0("a", 1:4)
gg <- cbind(g, A)
clda <- gls(y ~ v + a1 + a2 + a3 + a4, gg, correlation = corSymm(form = ~ as.integer(v) | id),
  weights = varIdent(form = ~ 1 | v), control = gc)
say("clda", -2 * as.numeric(logLik(clda)), coef(clda)["a4"], sqrt(vcov(clda)["a4", "a4"]))
last <- h[h$visit == 4, ]; s <- summary(lm(chg ~ base + arm, last))$coefficients
say("ancova", s["arm1", 1:2], nrow(last))

# 4. Counts: 24 patients, 7 visits, means near six.
state <- 23
k <- do.call(rbind, lapply(1:24, function(i) {
  u <- normal(); v <- normal(); out <- NULL
  for (t in 0:6) { mu <- exp(1.9 + .35 * u + (-.08 + .04 * v) * t + .05 * max(0, t - 3))
    n <- 0; s <- uniform(); p <- exp(-mu); c <- p
    while (s > c && n < 200) { n <- n + 1; p <- p * mu / n; c <- c + p }
    out <- rbind(out, data.frame(id = i, t = t, post = max(0, t - 3), y = n + (uniform() < .12) * 4)) }
  out }))
cat("--- counts\n")
cc <- glmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 2e5, rhoend = 1e-9))
p1 <- glmer(y ~ t + post + (1 | id), k, poisson, control = cc)
say("poisson intercept", -2 * as.numeric(logLik(p1)), fixef(p1), sqrt(diag(as.matrix(vcov(p1)))), getME(p1, "theta"))
p25 <- glmer(y ~ t + post + (1 | id), k, poisson, nAGQ = 25, control = cc)
say("poisson intercept agq25", fixef(p25), getME(p25, "theta"))
p2 <- glmer(y ~ t + post + (t | id), k, poisson, control = cc)
say("poisson slope", -2 * as.numeric(logLik(p2)), fixef(p2), sqrt(diag(as.matrix(vcov(p2)))), getME(p2, "theta"))
n2 <- glmmTMB(y ~ t + post + (1 | id), k, family = nbinom2)
say("nbinom2", -2 * as.numeric(logLik(n2)), fixef(n2)$cond, sqrt(diag(vcov(n2)$cond)), sigma(n2), sqrt(c(VarCorr(n2)$cond$id)))

# 5. Counts that scatter more than Poisson's.
state <- 29
o <- do.call(rbind, lapply(1:24, function(i) {
  u <- normal(); v <- normal(); out <- NULL
  for (t in 0:6) { mu <- exp(1.9 + .35 * u + (-.08 + .04 * v) * t + .05 * max(0, t - 3)) * exp(.5 * normal())
    n <- 0; s <- uniform(); p <- exp(-mu); c <- p
    while (s > c && n < 200) { n <- n + 1; p <- p * mu / n; c <- c + p }
    out <- rbind(out, data.frame(id = i, t = t, post = max(0, t - 3), y = n)) }
  out }))
cat("--- scattered counts\n")
for (f in c(y ~ t + post + (1 | id), y ~ t + post + (t | id), y ~ t + post + (t | id) + (0 + post | id))) {
  n3 <- glmmTMB(f, o, family = nbinom2, control = glmmTMBControl(optCtrl = list(rel.tol = 1e-14)))
  say(deparse(f), -2 * as.numeric(logLik(n3)), fixef(n3)$cond, sqrt(diag(vcov(n3)$cond)), sigma(n3),
    attr(VarCorr(n3)$cond$id, "stddev")) }

r3 <- glmmTMB(y ~ t + post + (t | id), o, family = nbinom2, REML = TRUE,
  control = glmmTMBControl(optCtrl = list(rel.tol = 1e-15, x.tol = 1e-12)))
say("restricted", -2 * as.numeric(logLik(r3)), fixef(r3)$cond, sigma(r3), attr(VarCorr(r3)$cond$id, "stddev"))

# 6. Responders, adjustment of several p values.
cat("--- responders\n")
say("fisher", fisher.test(matrix(c(9, 11, 3, 17), 2))$p.value, fisher.test(matrix(c(5, 0, 4, 8), 2))$p.value)
y <- rep(c(1, 0, 1, 0), c(9, 11, 3, 17)); a <- rep(c(1, 0), c(20, 20)); x <- (0:39) %% 7
lr <- glm(y ~ a + x, binomial, control = list(epsilon = 1e-14))
say("logistic", coef(lr), sqrt(diag(vcov(lr))), drop1(lr, "a", test = "LRT")["a", "Pr(>Chi)"])
say("holm", p.adjust(c(.012, .04, .001, .3, .021), "holm"))

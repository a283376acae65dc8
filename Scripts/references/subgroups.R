# Reference values of the tests of effects in subgroups: lme4 with pbkrtest (Kenward and Roger), nlme, lm.
#
# R 4.2 with lme4, pbkrtest and nlme (Debian packages). The data are a two-arm table of the shared references
# (columns patient, arm, month, therapy_month, log_mune) and those that trial.R makes, with labels from the patients' numbers:
#   Rscript Scripts/references/subgroups.R als60_two_arm.csv
suppressMessages({library(lme4); library(pbkrtest); library(nlme)})
options(digits = 12)
say <- function(name, ...) cat(name, format(c(...), digits = 12), "\n")
d <- read.csv(commandArgs(TRUE)[1])
d <- data.frame(id = d$patient, arm = d$arm, t = d$month, post = pmax(0, d$month - d$therapy_month),
                y = d$log_mune)
number <- as.integer(factor(d$id, levels = unique(d$id)))
control <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e6),
                       check.conv.grad = "ignore", check.conv.singular = "ignore")
contrasts <- function(m, names) {
  V <- as.matrix(vcovAdj(m)); b <- fixef(m)
  for (own in names) { l <- as.numeric(names(b) %in% own)
    say(paste("  effect", paste(own, collapse = " + ")), sum(l * b), sqrt(drop(l %*% V %*% l)),
        Lb_ddf(l, vcov(m), vcovAdj(m))) } }

cat("--- two subgroups, arms\n")
d$g <- factor(number %% 3 == 0)
m <- lmer(y ~ t + post + post:arm + g + t:g + post:g + post:arm:g + (t | id) + (0 + post | id), d,
          control = control)
k <- names(fixef(m)); int <- grep("post:.*arm.*g|post:g.*arm|post:arm:g", k, value = TRUE)
contrasts(m, list("post:arm", c("post:arm", int)))
small <- update(m, . ~ . - post:arm:g)
x <- KRmodcomp(m, small); for (n in c("Fstat", "ndf", "ddf", "p.value")) say(n, getKR(x, n))
cat("--- three subgroups, arms\n")
d$g <- factor(number %% 3)
m <- lmer(y ~ t + post + post:arm + g + t:g + post:g + post:arm:g + (t | id) + (0 + post | id), d,
          control = control)
k <- names(fixef(m)); int <- grep("post:arm:g", k, value = TRUE)
contrasts(m, c(list("post:arm"), lapply(int, function(i) c("post:arm", i))))
small <- update(m, . ~ . - post:arm:g)
x <- KRmodcomp(m, small); for (n in c("Fstat", "ndf", "ddf", "p.value")) say(n, getKR(x, n))
cat("--- three subgroups, one arm\n")
e <- d
m <- lmer(y ~ t + post + g + t:g + post:g + (t | id) + (0 + post | id), e, control = control)
k <- names(fixef(m)); int <- grep("post:g", k, value = TRUE)
contrasts(m, c(list("post"), lapply(int, function(i) c("post", i))))
small <- update(m, . ~ . - post:g)
x <- KRmodcomp(m, small); for (n in c("Fstat", "ndf", "ddf", "p.value")) say(n, getKR(x, n))

# The 40 patients of trial.R, compound symmetry as a random intercept.
state <- 11
uniform <- function() { state <<- (75 * state + 74) %% 65537; state / 65537 }
normal <- function() { s <- 0; for (k in 1:12) s <- s + uniform(); s - 6 }
g <- do.call(rbind, lapply(1:40, function(i) {
  arm <- i %% 2; base <- 38 + 4 * normal(); u <- normal(); out <- NULL
  for (k in 0:4) { y <- if (k == 0) base else base - 1.1 * k + .45 * arm * k + 1.2 * u * k / 4 + 1.3 * normal()
    keep <- uniform() > if (k < 2) 0 else .15
    if (keep) out <- rbind(out, data.frame(id = i, arm = arm, visit = k, base = base, y = y)) }
  out }))
g$s <- factor(g$id %% 3); h <- g[g$visit > 0, ]; h$chg <- h$y - h$base; h$v <- factor(h$visit, levels = 4:1)
cat("--- visits, compound symmetry\n")
m <- lmer(chg ~ base * v + arm * v + s * v + arm:s + arm:s:v + (1 | id), h, control = control)
contrasts(m, list("arm", c("arm", "arm:s1"), c("arm", "arm:s2")))
L <- t(sapply(c("arm:s1", "arm:s2"), function(n) as.numeric(names(fixef(m)) == n)))
x <- KRmodcomp(m, L); for (n in c("Fstat", "ndf", "ddf", "p.value")) say(n, getKR(x, n))
cat("--- last visit alone\n")
last <- h[h$visit == 4, ]
a <- lm(chg ~ base + arm * s, last); b <- lm(chg ~ base + arm + s, last)
say("effects", coef(a)["arm"], coef(a)["arm"] + coef(a)["arm:s1"], coef(a)["arm"] + coef(a)["arm:s2"])
say("error of the first", summary(a)$coefficients["arm", 2]); print(anova(b, a))

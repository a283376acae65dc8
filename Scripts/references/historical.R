# Reference values of the tests of historical controls: integrals of base R.
#
# Six placebo arms in Crohn's disease, SD of a patient 88, half-normal prior of scale 44 for the SD between trials,
# flat prior of their mean (the data of Hueber et al. 2012 that the literature on such priors uses):
#   Rscript Scripts/references/historical.R
options(digits = 10)
y <- c(-51, -49, -36, -47, -90, -54); s <- 88 / sqrt(c(74, 166, 328, 20, 25, 58))
post <- function(tau) sapply(tau, function(x) {
  w <- 1 / (s^2 + x^2); m <- sum(w * y) / sum(w)
  exp(-x^2 / 2 / 44^2 - .5 * log(sum(w)) + sum(.5 * log(w) - .5 * w * (y - m)^2)) })
total <- integrate(post, 0, 300, rel.tol = 1e-10)$value
moment <- function(f) integrate(function(t) sapply(t, f) * post(t), 0, 300, rel.tol = 1e-10)$value / total
mu <- function(x) { w <- 1 / (s^2 + x^2); sum(w * y) / sum(w) }
va <- function(x) x^2 + 1 / sum(1 / (s^2 + x^2))
mean <- moment(mu); sd <- sqrt(moment(function(x) va(x) + (mu(x) - mean)^2))
cat("mean", mean, "sd", sd, "\n")
# The density and its slope on a fine grid of tau.
t <- seq(.005, 250, .01); p <- post(t); p <- p / sum(p); m <- sapply(t, mu); v <- sapply(t, va)
worth <- function(weight) {
  information <- function(x) sapply(x, function(z) {
    d <- (1 - weight) * p * dnorm(z, m, sqrt(v))
    f <- sum(d) + weight * dnorm(z, mean, 88)
    g <- sum(-d * (z - m) / v) - weight * dnorm(z, mean, 88) * (z - mean) / 88^2
    g^2 / f })
  88^2 * sum(sapply(list(c(-1200, -200), c(-200, -90), c(-90, -50), c(-50, -10), c(-10, 100), c(100, 1100)),
    function(r) integrate(information, r[1], r[2], rel.tol = 1e-6)$value)) }
cat("worth", worth(0), "with a vague component of .2", worth(.2), "\n")

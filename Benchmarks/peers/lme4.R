# Fits model M3 to the cohorts of a folder with lme4, Kenward-Roger with pbkrtest; CPU seconds.
# Usage: Rscript lme4.R FOLDER
suppressPackageStartupMessages({
  library(lme4)
  library(pbkrtest)
})
folder <- commandArgs(trailingOnly = TRUE)[1]
cpu <- function(expression) {
  gc()
  time <- system.time(expression)
  sum(time[c("user.self", "sys.self")])
}
lines <- "program,patients,fit,kr,criterion,change,se,df"
for (patients in c(50, 1000, 10000)) {
  d <- read.csv(file.path(folder, sprintf("cohort-%d.csv", patients)))
  d$id <- factor(d$id)
  best <- Inf
  for (run in seq_len(if (patients == 10000) 1 else 3)) {
    best <- min(best, cpu(
      fit <- suppressMessages(suppressWarnings(
        lmer(y ~ t + post + (t | id) + (0 + post | id), d, REML = TRUE)))))
  }
  kr <- NA; se <- NA; df <- NA
  # vcovAdj needs n x n matrices: 8,000 rows and more are out of its reach here.
  if (patients <= 50) {
    kr <- cpu({
      adjusted <- vcovAdj(fit)
      df <- vapply(seq_along(fixef(fit)), function(k) {
        contrast <- numeric(length(fixef(fit)))
        contrast[k] <- 1
        Lb_ddf(contrast, vcov(fit), adjusted)
      }, 0)[3]
    })
    se <- sqrt(as.matrix(adjusted)[3, 3])
  }
  lines <- c(lines, sprintf("lme4 %s,%d,%.6g,%.6g,%.15g,%.15g,%.15g,%.15g",
    packageVersion("lme4"), patients, best, kr, REMLcrit(fit), fixef(fit)[["post"]], se, df))
}
writeLines(lines, file.path(folder, "lme4.csv"))

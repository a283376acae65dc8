import Progression

/// A script for R that compares randomised arms visit by visit.
struct RVisitScript {
  let lines: [String]

  init(_ source: ScriptSource, _ visits: ScriptSource.VisitDetail, read: String) throws {
    let arms = visits.arms
    let isConstrained = arms.method == .clda
    if arms.method == .ancova || (visits.count == 1 && !isConstrained) {
      lines = Self.leastSquares(source, visits, read: read)
      return
    }
    let places = visits.count + (isConstrained ? 1 : 0)
    let covariance = try Self.covariance(arms.covariance)
    let terms =
      ["0 + visit"] + visits.armColumns.map { "visit:\($0)" }
      + (isConstrained ? [] : ["visit:baseline"]) + visits.covariates
    var lines = [
      "library(nlme)", read, "d <- d[order(d$id, d$visit), ]", "d$id <- factor(d$id)",
      "d$place <- d$visit - min(d$visit) + 1", "d$visit <- factor(d$visit)",
      "X <- model.matrix(~ \(terms.joined(separator: " + ")), d)",
      "X <- X[, colSums(abs(X)) > 0, drop = FALSE]  # an arm has no effect on baseline",
      "fit <- gls(y ~ 0 + X, data = d, method = \"REML\",", "  correlation = \(covariance.nlme),",
    ]
    if arms.covariance == .unstructured {
      lines.append("  weights = varIdent(form = ~ 1 | visit),")
    }
    // nlme's other optimiser leaves the range of a correlation of AR(1).
    let optimiser = arms.covariance == .unstructured ? "opt = \"optim\", " : ""
    lines += [
      "  control = glsControl(\(optimiser)maxIter = 500, msMaxIter = 500))",
      "print(summary(fit))", "",
      "# nlme knows no test of Kenward and Roger: this is theirs (1997, with the second derivatives of the",
      "# covariance), after steps of Fisher's scoring from nlme's fit to the optimum.",
      "m <- \(places)",
    ]
    lines += covariance.lines
    lines += Self.kenwardRoger.split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    for target in source.targets {
      lines += [
        "found <- effect(\"\(target.term)\")",
        RScript.show(target.term, (1...4).map { "found[\($0)]" }),
      ]
    }
    if let structure = Self.mmrm[arms.covariance] {
      lines += [
        "", "# The same in the package mmrm:",
        "# mmrm::mmrm(y ~ 0 + X + \(structure)(visit | id), data = d, method = \"Kenward-Roger\")",
      ]
    }
    self.lines = lines
  }

  private static let mmrm: [VisitCovariance: String] = [
    .unstructured: "us", .compoundSymmetry: "cs", .autoregressive: "ar1",
  ]

  private static func leastSquares(
    _ source: ScriptSource, _ visits: ScriptSource.VisitDetail, read: String
  ) -> [String] {
    let terms = visits.armColumns + ["baseline"] + visits.covariates
    var lines = [
      read, "last <- d[d$visit == \(visits.count), ]",
      "fit <- lm(y ~ \(terms.joined(separator: " + ")), data = last)", "print(summary(fit))",
    ]
    for target in source.targets {
      lines += [
        "found <- coef(summary(fit))[\"\(target.term)\", ]",
        RScript.show(target.term, ["found[1]", "found[2]", "fit$df.residual", "found[4]"]),
      ]
    }
    return lines
  }

  /// A structure of nlme, and the covariance of the visits with its derivatives by its parameters.
  private static func covariance(
    _ structure: VisitCovariance
  ) throws -> (nlme: String, lines: [String]) {
    switch structure {
    case .unstructured:
      return (
        "corSymm(form = ~ place | id)",
        [
          "correlation <- diag(m)",
          "correlation[lower.tri(correlation)] <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)",
          "correlation <- correlation + t(correlation) - diag(m)",
          "ratio <- coef(fit$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)",
          "ratio <- fit$sigma * ratio[levels(d$visit)]",
          "pairs <- which(lower.tri(diag(m), diag = TRUE), arr.ind = TRUE)",
          "theta <- (outer(ratio, ratio) * correlation)[pairs]",
          "covariance <- function(theta) {", "  D <- lapply(seq_along(theta), function(k) {",
          "    E <- matrix(0, m, m)",
          "    E[pairs[k, 1], pairs[k, 2]] <- E[pairs[k, 2], pairs[k, 1]] <- 1", "    E", "  })",
          "  list(V = Reduce(`+`, Map(`*`, theta, D)), D = D, D2 = function(r, s) NULL)", "}",
        ]
      )
    case .compoundSymmetry:
      return (
        "corCompSymm(form = ~ 1 | id)",
        [
          "rho <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)",
          "theta <- fit$sigma^2 * c(1, rho)", "covariance <- function(theta) {",
          "  D <- list(diag(m), 1 - diag(m))",
          "  list(V = Reduce(`+`, Map(`*`, theta, D)), D = D, D2 = function(r, s) NULL)", "}",
        ]
      )
    case .autoregressive:
      return (
        "corAR1(form = ~ place | id)",
        [
          "rho <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)",
          "theta <- c(fit$sigma^2, rho)", "gap <- abs(outer(1:m, 1:m, `-`))",
          "covariance <- function(theta) {", "  rho <- theta[2]",
          "  first <- gap * rho^pmax(gap - 1, 0)",
          "  second <- gap * (gap - 1) * rho^pmax(gap - 2, 0)",
          "  list(V = theta[1] * rho^gap, D = list(rho^gap, theta[1] * first),",
          "       D2 = function(r, s) if (r != s) first else if (r == 2) theta[1] * second)", "}",
        ]
      )
    case .toeplitz:
      throw FollowUpError(
        .wrongSetting, "no script: nlme has no counterpart of the covariance toeplitz")
    }
  }

  private static let kenwardRoger = """
    patients <- split(seq_len(nrow(d)), d$id, drop = TRUE)
    sums <- function(theta) {
      S <- covariance(theta); q <- length(theta); p <- ncol(X)
      own <- lapply(patients, function(rows) {
        k <- d$place[rows]
        W <- solve(S$V[k, k, drop = FALSE]); x <- X[rows, , drop = FALSE]
        list(k = k, W = W, x = x, Wx = W %*% x, y = d$y[rows])
      })
      Phi <- solve(Reduce(`+`, lapply(own, function(o) t(o$x) %*% o$Wx)))
      beta <- Phi %*% Reduce(`+`, lapply(own, function(o) t(o$Wx) %*% o$y))
      at <- function(E, o) E[o$k, o$k, drop = FALSE]
      P <- lapply(S$D, function(D) Reduce(`+`, lapply(own, function(o) t(o$Wx) %*% at(D, o) %*% o$Wx)))
      information <- matrix(0, q, q); score <- numeric(q); Q <- vector("list", q * q)
      for (r in 1:q) {
        score[r] <- 0.5 * (sum(Phi * P[[r]]) + sum(sapply(own, function(o) {
          u <- o$W %*% (o$y - o$x %*% beta)
          sum(u * (at(S$D[[r]], o) %*% u)) - sum(o$W * at(S$D[[r]], o))
        })))
        for (s in 1:r) {
          trace <- 0; plain <- extra <- matrix(0, p, p)
          second <- S$D2(r, s)
          for (o in own) {
            left <- at(S$D[[r]], o) %*% o$W; right <- at(S$D[[s]], o)
            trace <- trace + sum(left * t(right %*% o$W))
            plain <- plain + t(o$Wx) %*% left %*% right %*% o$Wx
            if (!is.null(second)) extra <- extra + 0.25 * t(o$Wx) %*% at(second, o) %*% o$Wx
          }
          information[r, s] <- information[s, r] <- 0.5 * (trace - 2 * sum(Phi * t(plain)) +
            sum((Phi %*% P[[r]]) * t(Phi %*% P[[s]])))
          Q[[(r - 1) * q + s]] <- plain - extra; Q[[(s - 1) * q + r]] <- t(plain - extra)
        }
      }
      list(Phi = Phi, beta = beta, P = P, Q = Q, score = score, information = information)
    }
    for (step in 1:50) {
      now <- sums(theta)
      move <- solve(now$information, now$score)
      theta <- theta + move
      if (max(abs(move)) < 1e-10 * max(abs(theta))) break
    }
    now <- sums(theta); q <- length(theta); weights <- solve(now$information)
    correction <- 0
    for (r in 1:q) for (s in 1:q) correction <- correction +
      weights[r, s] * (now$Q[[(r - 1) * q + s]] - now$P[[r]] %*% now$Phi %*% now$P[[s]])
    adjusted <- now$Phi + 2 * now$Phi %*% correction %*% now$Phi
    effect <- function(name) {
      l <- as.numeric(colnames(X) == name)
      estimate <- sum(l * now$beta); error <- sqrt(sum(l * (adjusted %*% l)))
      share <- sapply(now$P, function(P) sum(l * (now$Phi %*% P %*% now$Phi %*% l))) /
        sum(l * (now$Phi %*% l))
      df <- 2 / sum(outer(share, share) * weights)
      c(estimate, error, df, 2 * pt(-abs(estimate / error), df))
    }
    """
}

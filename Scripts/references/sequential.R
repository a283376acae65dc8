# Reference values of interim looks: rpact 3.3.4 (Debian r-cran-rpact).
#   Rscript Scripts/references/sequential.R
suppressMessages(library(rpact)); options(digits=10)
for (ty in c("OF","P","asOF","asP")) { d <- getDesignGroupSequential(kMax=5, alpha=.025, sided=1, beta=.2, typeOfDesign=ty)
 ch <- getDesignCharacteristics(d)
 cat(ty, format(d$criticalValues, digits=9), "infl", format(ch$inflationFactor,digits=8), "avgH1", format(ch$averageSampleNumber1,digits=8), "avgH0", format(ch$averageSampleNumber0,digits=8), "\n")}
d <- getDesignGroupSequential(informationRates=c(.3,.7,1), alpha=.025, sided=1, beta=.1, typeOfDesign="asOF"); ch <- getDesignCharacteristics(d); cat("uneven", format(d$criticalValues,digits=9), ch$inflationFactor, "\n")
d <- getDesignGroupSequential(kMax=3, alpha=.025, sided=1, beta=.2, typeOfDesign="asOF", typeBetaSpending="bsOF", bindingFutility=FALSE); ch <- getDesignCharacteristics(d)
cat("fut", format(d$criticalValues,digits=9), "fb", format(d$futilityBounds,digits=9), "infl", format(ch$inflationFactor,digits=8), "avgH1", format(ch$averageSampleNumber1,digits=8), "avgH0", format(ch$averageSampleNumber0,digits=8), "\n")
d <- getDesignGroupSequential(informationRates=c(.4,.75,1), alpha=.025, sided=1, beta=.1, typeOfDesign="asP", typeBetaSpending="bsP", bindingFutility=FALSE); ch <- getDesignCharacteristics(d)
cat("fut2", format(d$criticalValues,digits=9), "fb", format(d$futilityBounds,digits=9), "infl", format(ch$inflationFactor,digits=8), "\n")

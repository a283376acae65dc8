# Fetches a patient's trend and ten seconds of signal from a viewer:
#   Rscript fetch.R START-ADDRESS PATIENT MEASURE
# Needs the packages curl and jsonlite (Debian: r-cran-curl, r-cran-jsonlite).
library(curl)
library(jsonlite)

words <- commandArgs(trailingOnly = TRUE)
root <- sub("/start.*", "", words[1])
token <- sub(".*token=", "", words[1])

# One handle keeps the session's cookie.
session <- new_handle(cookiefile = "")
ask <- function(path, body = NULL) {
  handle_setopt(session, httpget = TRUE)
  if (!is.null(body)) {
    handle_setopt(session, post = TRUE, postfields = toJSON(body, auto_unbox = TRUE))
    handle_setheaders(session, "Content-Type" = "application/json")
  }
  answer <- curl_fetch_memory(paste0(root, "/api/v1/", path), handle = session)
  if (answer$status_code >= 400) stop(rawToChar(answer$content))
  answer$content
}

ask("session", list(token = token))
trend <- fromJSON(rawToChar(ask(sprintf("patients/%s/trend?measure=%s", words[2], words[3]))))
str(trend, max.level = 1, list.len = 6)

recording <- fromJSON(rawToChar(ask("recordings/1")))
message <- ask(sprintf("recordings/1/range?start=0&end=%d&columns=1000",
                       as.integer(10 * recording$samplingRate)))
stopifnot(rawToChar(message[1:4]) == "MPR1")
length <- readBin(message[9:12], "integer", size = 4, endian = "little")
header <- fromJSON(rawToChar(message[12 + seq_len(length)]))
rest <- message[-seq_len(12 + length)]
counts <- readBin(rest, "integer", n = length(rest) / 2, size = 2, endian = "little")
# Two rows (lowest, highest) x columns x channels, in the channels' units.
values <- array(counts, c(2, header$columns, length(header$scale)))
values <- sweep(values, 3, header$scale, "*")
cat(dim(values)[3], "channels; the first goes down to", min(values[1, , 1]), "\n")

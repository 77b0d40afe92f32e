# Makes prior-vectors.json: what limma says of the spread of many cells.
#
#   apt-get install r-bioc-limma && Rscript test/golden/make_prior_vectors.R

suppressMessages(library(limma))
set.seed(20261124)

# Cells of d + 1 rounds each; `alike` is d0 of the draw. Inf: all with the very same variance, which
# is less than chance allows, so that limma finds no end of degrees of freedom (null).
case <- function(cells, alike) {
  d <- rep(c(1, 2, 3, 5), length.out = cells)
  truth <- if (is.finite(alike)) 0.01 * alike / rchisq(cells, alike) else rep(0.01, cells)
  samples <- lapply(seq_len(cells), function(i) {
    values <- rnorm(d[i] + 1, 0, sqrt(truth[i]))
    if (is.finite(alike)) values else values * 0.1 / sd(values)
  })
  fit <- fitFDist(sapply(samples, var), d)
  list(samples = samples, variance = fit$scale, freedom = fit$df2)
}
number <- function(x) if (is.finite(x)) format(x, digits = 17) else "null"
vector <- function(x) paste0("[", paste(sapply(x, number), collapse = ", "), "]")
fits <- list(case(40, 4), case(60, 1), case(12, 3), case(24, Inf))
rows <- sapply(fits, function(f) paste0(
  '    { "samples": [', paste(sapply(f$samples, vector), collapse = ", "), '],\n',
  '      "variance": ', number(f$variance), ', "freedom": ', number(f$freedom), " }"))
at <- c(0.05, 0.5, 1, 1.5, 3.3, 11.9, 12, 40)
values <- c(1e-3, 0.08, 0.3, 1, 5, 80)
functions <- function(name, x, y) paste0('  "', name, '": ', vector(rbind(x, y)))
writeLines(c("{",
  paste0('  "fits": [\n', paste(rows, collapse = ",\n"), "\n  ],"),
  paste0(functions("digamma", at, digamma(at)), ","),
  paste0(functions("trigamma", at, trigamma(at)), ","),
  functions("trigammaInverse", values, trigammaInverse(values)),
  "}"), "test/golden/prior-vectors.json")

EXTRA_DIST += %D%/claims.json
EXTRA_DIST += %D%/reproduce.sh
EXTRA_DIST += \
	%D%/autoencoder-runoff-batch-norm.yaml \
	%D%/autoencoder-runoff.yaml \
	%D%/autoencoder-search-batch-norm.yaml \
	%D%/autoencoder-search-small-batch-norm.yaml \
	%D%/autoencoder-search-small.yaml \
	%D%/autoencoder-search.yaml \
	%D%/c01-valley.yaml \
	%D%/c02-nesterov-rate.yaml \
	%D%/c03-momentum-limit.yaml \
	%D%/c04-effective-rates.yaml \
	%D%/c04-long-run.yaml \
	%D%/c05-rprop-batches.yaml \
	%D%/c06-parameter-units.yaml \
	%D%/c06-value-units.yaml \
	%D%/c07-adam-bias.yaml \
	%D%/c08-saddle.yaml \
	%D%/c09-cliff.yaml \
	%D%/c10-newton-memory.yaml \
	%D%/c10-newton-rate.yaml \
	%D%/c11-lbfgs-batches.yaml \
	%D%/c12-updates-cost.yaml \
	%D%/c13-batch-norm-full.yaml \
	%D%/c13-batch-norm.yaml \
	%D%/c13-epsilon-full.yaml \
	%D%/c13-epsilon.yaml \
	%D%/c13-first-epoch-full.yaml \
	%D%/c13-full.yaml \
	%D%/c13-interval-full.yaml \
	%D%/c13-interval.yaml \
	%D%/c13-small.yaml \
	%D%/c14-whitening.yaml \
	%D%/c15-batch-norm.yaml \
	%D%/c16-dense.yaml \
	%D%/c16-sparse.yaml \
	%D%/c17-learning-rates.yaml \
	%D%/c17-schedules.yaml \
	%D%/c18-batch-error.yaml \
	%D%/c18-batch-gain.yaml \
	%D%/c19-initial-scale.yaml \
	%D%/c20-stuck.yaml \
	%D%/c20-symmetry.yaml \
	%D%/c21-full-batch.yaml \
	%D%/c22-minima.yaml \
	%D%/first-race-search.yaml \
	%D%/first-race.yaml \
	%D%/landscape-cliff.yaml \
	%D%/landscape-minima.yaml \
	%D%/landscape-rosenbrock.yaml \
	%D%/landscape-saddle.yaml \
	%D%/landscape-valley.yaml

# Every claim of the documents: small sizes, in minutes, into results/reproduction.md; all of
# them, in an hour or two, into doc/reproduction.md.
.PHONY: reproduce reproduce-quick
reproduce-quick: gradus$(EXEEXT)
	@$(srcdir)/%D%/reproduce.sh quick ./gradus$(EXEEXT) results/quick \
		results/reproduction.md
reproduce: gradus$(EXEEXT)
	@$(srcdir)/%D%/reproduce.sh full ./gradus$(EXEEXT) results/full \
		$(srcdir)/doc/reproduction.md

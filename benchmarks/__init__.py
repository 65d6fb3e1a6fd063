"""What `make bench` measures. Figures depend on the machine: compare ratios within one run."""

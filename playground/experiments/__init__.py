"""Many runs of one Spec, with different seeds or different values of one or two settings."""

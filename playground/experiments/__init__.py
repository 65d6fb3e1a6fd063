"""Many runs of one Spec: over seeds, and over the values of one or two settings."""

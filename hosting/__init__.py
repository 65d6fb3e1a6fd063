"""The playground as several processes behind a balancer: see docs/hosting.md."""

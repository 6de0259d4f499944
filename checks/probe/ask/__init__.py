"""What is asked of an endpoint itself: connects, a trial bind, the resolver."""

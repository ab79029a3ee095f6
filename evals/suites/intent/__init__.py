"""What people want by what they write: objections and requests, by classifiers that are trained in the run."""

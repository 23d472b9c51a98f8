"""What tests of every app share: databases, people, schools, sweeps over all addresses."""

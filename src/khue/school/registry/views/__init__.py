"""Pages of the registry: permission, form, service, answer."""

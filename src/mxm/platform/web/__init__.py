"""HTTP that is nobody's feature: the layers in front of the application, errors into answers, the OpenAPI document."""

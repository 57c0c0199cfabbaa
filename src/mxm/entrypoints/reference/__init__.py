"""The API reference's own page, script and style; Swagger UI itself comes from the package fastapi-swagger."""

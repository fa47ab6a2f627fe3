"""`python -m deploy.identity`: run the local provider with what `IDENTITY_*` says."""

import sys

import uvicorn
from pydantic import ValidationError

from deploy.identity.app import make_app
from deploy.identity.files import SecretFileError
from deploy.identity.settings import IdentitySettings


def main() -> None:
    try:
        settings = IdentitySettings.read()
        app = make_app(settings)
    except ValidationError as error:
        names = ", ".join(f"IDENTITY_{each['loc'][0]}".upper() for each in error.errors())
        sys.exit(f"These settings are missing or wrong: {names}.")
    except SecretFileError as error:
        sys.exit(str(error))
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()

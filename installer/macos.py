"""A disk image for macOS from the application that PyInstaller made.

What of it was run: nothing; there was no Mac. Checked is only what a test can see elsewhere (the description
of the application and its kind of file, the form of the .icns).

The application is not signed: macOS asks whether to open it (right click, Open). To sign and notarise it, run
codesign and notarytool on build/bundle/FunnelDesk.app before `python -m installer.build packages`.
"""

from __future__ import annotations

import platform
import shutil
from pathlib import Path
from typing import Any

from funneldesk import __version__
from installer import build

IDENTIFIER = "org.funneldesk.FunnelDesk"
BASE = "org.funneldesk.base"


def info_plist() -> dict[str, Any]:
    """What macOS reads of the application: languages, and that it opens *.funneldesk."""
    return {
        "CFBundleDisplayName": "FunnelDesk",
        "CFBundleShortVersionString": __version__,
        "CFBundleLocalizations": ["en", "ru", "pl"],
        "LSApplicationCategoryType": "public.app-category.business",
        "NSHighResolutionCapable": True,
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "FunnelDesk base",
                "CFBundleTypeRole": "Editor",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [BASE],
                "CFBundleTypeIconFile": "funneldesk.icns",
            }
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": BASE,
                "UTTypeDescription": "FunnelDesk base",
                "UTTypeConformsTo": ["public.data"],
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["funneldesk"],
                    "public.mime-type": ["application/x-funneldesk"],
                },
            }
        ],
    }


def disk_image(application: Path, dist: Path) -> Path:
    """An image with the application and a link to the folder it is dragged to."""
    if not application.is_dir():
        raise build.BuildFault(f"There is no {application.name} yet: run the build without a word.")
    tree = build.BUILD / "dmg"
    shutil.rmtree(tree, ignore_errors=True)
    shutil.copytree(application, tree / application.name, symlinks=True)
    (tree / "Applications").symlink_to("/Applications")
    made = dist / f"FunnelDesk-{__version__}-{platform.machine()}.dmg"
    command = [
        "hdiutil",
        "create",
        "-volname",
        "FunnelDesk",
        "-srcfolder",
        str(tree),
        "-ov",
        "-format",
        "UDZO",
    ]
    build.run([*command, str(made)])
    return made

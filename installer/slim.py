"""What of the files that PyInstaller found goes into the bundle.

Two rules.  Parts of Qt that nothing here asks for stay out.  On Linux the system's own libraries stay out
too, but for a few: a desktop has them, they must fit its drivers, fonts and themes, and the ones of the
machine that built the bundle would not.  The .deb asks for them by name (`installer/linux.py`).
"""

from __future__ import annotations

# Beginnings of places in the PySide6 folder.  libQt6OpenGL stays: Qt's xcb platform is linked with it.
UNUSED_QT = (
    "qml",
    "metatypes",
    "plugins/designer",
    "plugins/egldeviceintegrations",
    "plugins/generic",
    "plugins/networkinformation",
    "plugins/platforminputcontexts/libqtvirtualkeyboard",
    "plugins/platforminputcontexts/qtvirtualkeyboard",
    "plugins/platforms/libqeglfs",
    "plugins/platforms/libqlinuxfb",
    "plugins/platforms/libqminimal",
    "plugins/platforms/libqvkkhrdisplay",
    "plugins/platforms/libqvnc",
    "plugins/platforms/qdirect2d",
    "plugins/platforms/qminimal",
    # would bring all of GTK; file dialogs of the desktop come through its portal
    "plugins/platformthemes/libqgtk3",
    "plugins/qmllint",
    "plugins/qmltooling",
    "plugins/sqldrivers",
    "plugins/tls",
    "plugins/wayland-graphics-integration-server",
    "plugins/imageformats/libqpdf",
    "plugins/imageformats/libqtiff",
    "plugins/imageformats/qpdf",
    "plugins/imageformats/qtiff",
    "lib/libQt6EglFS",
    "lib/libQt6EglFs",
    "lib/libQt6Network",
    "lib/libQt6Pdf",
    "lib/libQt6Qml",
    "lib/libQt6Quick",
    "lib/libQt6Sql",
    "lib/libQt6VirtualKeyboard",
    "lib/libQt6WaylandCompositor",
    "lib/QtNetwork",
    "lib/QtPdf",
    "lib/QtQml",
    "lib/QtQuick",
    "lib/QtVirtualKeyboard",
    "Qt6Network",
    "Qt6Pdf",
    "Qt6Qml",
    "Qt6Quick",
    "Qt6VirtualKeyboard",
    "opengl32sw",
)
# beside the bundle's top folder lie links to each of Qt's libraries
UNUSED_LINKS = tuple(name.removeprefix("lib/") for name in UNUSED_QT if name.startswith("lib/"))
TRANSLATIONS = ("qtbase_ru.qm", "qtbase_pl.qm")

# Of the system's libraries these come along: what Python itself is linked with, and what Qt's xcb platform
# wants and many a desktop lacks.
KEPT_SYSTEM = (
    "libpython3",
    "libbz2.",
    "libcrypto.",
    "libffi.",
    "liblzma.",
    "libsqlite3.",
    "libssl.",
    "libuuid.",
    "libxcb-cursor.",
    "libxcb-icccm.",
    "libxcb-image.",
    "libxcb-keysyms.",
    "libxcb-render-util.",
    "libxcb-util.",
    "libxkbcommon-x11.",
)

# Never loaded here: what other libraries could do with, what pyqtgraph's examples want, and the network.
# babel works on the catalogues before the program is built; readline is under the GPL, and nobody types
# into Python here.
UNUSED_MODULES = (
    "IPython",
    "OpenGL",
    "PIL",
    "PySide6.QtNetwork",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "PySide6.QtTest",
    "_distutils_hack",
    "babel",
    "colorcet",
    "cupy",
    "h5py",
    "hypothesis",
    "lifelines",
    "lxml",
    "matplotlib",
    "mypy",
    "numba",
    "numpy.f2py",
    "numpy.testing",
    "pandas",
    "pkg_resources",
    "psycopg",
    "psycopg2",
    "pygments",
    "pytest",
    "readline",
    "scipy",
    "setuptools",
    "statsmodels",
    "tkinter",
    "unittest",
)


def wanted(place: str) -> bool:
    """Whether a file goes into the bundle, by its place there (parted by / or by \\)."""
    place = place.replace("\\", "/")
    if not place.startswith("PySide6/"):
        return not place.startswith(UNUSED_LINKS)
    inner = place.removeprefix("PySide6/").removeprefix("Qt/")
    if inner.startswith("translations/"):
        return inner.endswith(TRANSLATIONS)
    return not inner.startswith(UNUSED_QT)


def is_left_to_the_system(place: str, source: str, environment: str) -> bool:
    """Whether a library is of the Linux that builds (not of the Python environment at `environment`)."""
    return "/" not in place and not source.startswith(environment) and not place.startswith(KEPT_SYSTEM)

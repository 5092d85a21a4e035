"""The time zone of this computer by its IANA name, as a new base needs it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Windows names its zones its own way (CLDR windowsZones); those of the countries FunnelDesk speaks to.
_WINDOWS = {
    "Central European Standard Time": "Europe/Warsaw",
    "Central Europe Standard Time": "Europe/Budapest",
    "W. Europe Standard Time": "Europe/Berlin",
    "Romance Standard Time": "Europe/Paris",
    "GMT Standard Time": "Europe/London",
    "FLE Standard Time": "Europe/Kyiv",
    "GTB Standard Time": "Europe/Bucharest",
    "Kaliningrad Standard Time": "Europe/Kaliningrad",
    "Russian Standard Time": "Europe/Moscow",
    "Belarus Standard Time": "Europe/Minsk",
    "Russia Time Zone 3": "Europe/Samara",
    "Saratov Standard Time": "Europe/Saratov",
    "Volgograd Standard Time": "Europe/Volgograd",
    "Astrakhan Standard Time": "Europe/Astrakhan",
    "Ekaterinburg Standard Time": "Asia/Yekaterinburg",
    "Omsk Standard Time": "Asia/Omsk",
    "N. Central Asia Standard Time": "Asia/Novosibirsk",
    "Tomsk Standard Time": "Asia/Tomsk",
    "Altai Standard Time": "Asia/Barnaul",
    "North Asia Standard Time": "Asia/Krasnoyarsk",
    "North Asia East Standard Time": "Asia/Irkutsk",
    "Transbaikal Standard Time": "Asia/Chita",
    "Yakutsk Standard Time": "Asia/Yakutsk",
    "Vladivostok Standard Time": "Asia/Vladivostok",
    "Magadan Standard Time": "Asia/Magadan",
    "Sakhalin Standard Time": "Asia/Sakhalin",
    "Russia Time Zone 10": "Asia/Srednekolymsk",
    "Russia Time Zone 11": "Asia/Kamchatka",
    "Central Asia Standard Time": "Asia/Almaty",
    "Eastern Standard Time": "America/New_York",
    "Central Standard Time": "America/Chicago",
    "Mountain Standard Time": "America/Denver",
    "US Mountain Standard Time": "America/Phoenix",
    "Pacific Standard Time": "America/Los_Angeles",
    "Alaskan Standard Time": "America/Anchorage",
    "Hawaiian Standard Time": "Pacific/Honolulu",
}


def system_zone() -> str:
    """The IANA name of this computer's time zone; TZ comes first, "UTC" when nothing is known."""
    for name in (os.environ.get("TZ", "").removeprefix(":"), _of_system()):
        if name and _known(name):
            return name
    return "UTC"


def _of_system() -> str:
    if sys.platform == "win32":
        return _of_windows()
    return _of_link(Path("/etc/localtime")) or _of_file(Path("/etc/timezone"))


def _of_link(link: Path) -> str:
    """The name at the end of the path to which the system's zone file points."""
    try:
        target = str(link.resolve())
    except OSError:
        return ""
    _folder, found, name = target.partition("zoneinfo/")
    return name.removeprefix("posix/") if found else ""


def _of_file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").split("#")[0].strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _of_windows() -> str:
    if sys.platform != "win32":
        return ""
    import winreg

    place = r"SYSTEM\CurrentControlSet\Control\TimeZoneInformation"
    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
            value, _kind = winreg.QueryValueEx(key, "TimeZoneKeyName")
    except OSError:
        return ""
    return _WINDOWS.get(str(value).split("\x00")[0], "")


def _known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True

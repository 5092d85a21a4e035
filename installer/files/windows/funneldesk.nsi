; The set-up program of FunnelDesk.  Compiled by installer/windows.py, which gives VERSION, VERSION4, SIZE_KB,
; LISTS (a folder), LICENCE and OUT.  For the person who runs it, so that no administrator is needed.
;
; Silent: FunnelDesk-...-setup.exe /S [/D=C:\folder]     and     uninstall.exe /S
; Exit status: 0 done, 1 cancelled, 2 not done because the program is running or a file could not be written.

Unicode true
!ifdef AMD64_STUB
  Target amd64-unicode
!endif
!include MUI2.nsh
!include x64.nsh
!include FileFunc.nsh
!include Sections.nsh

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\FunnelDesk"
!define CLASS "FunnelDesk.Base"
!define PROGRAM "funneldesk-window.exe"

Name "FunnelDesk"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\FunnelDesk"
InstallDirRegKey HKCU "${KEY}" "InstallLocation"
RequestExecutionLevel user
SetCompressor /SOLID lzma
ManifestDPIAware true
BrandingText "FunnelDesk ${VERSION}"

VIProductVersion "${VERSION4}"
VIAddVersionKey ProductName "FunnelDesk"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "FunnelDesk"
VIAddVersionKey CompanyName "The FunnelDesk authors"
VIAddVersionKey LegalCopyright "MIT licence"

!define MUI_ICON "${LISTS}\funneldesk.ico"
!define MUI_UNICON "${LISTS}\funneldesk.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${LISTS}\side.bmp"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${LISTS}\side.bmp"
!define MUI_WELCOMEPAGE_TEXT "$(WELCOME)"
!define MUI_ABORTWARNING
!define MUI_FINISHPAGE_RUN "$INSTDIR\${PROGRAM}"
!define MUI_COMPONENTSPAGE_NODESC

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_LICENSE "${LICENCE}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES

; The first is taken where Windows speaks none of them.
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Russian"
!insertmacro MUI_LANGUAGE "Polish"

LangString WELCOME ${LANG_ENGLISH} "FunnelDesk ${VERSION} will be installed for you alone; no administrator is needed.$\r$\n$\r$\nIf an older version is open, close it first. Your bases and settings stay as they are."
LangString WELCOME ${LANG_RUSSIAN} "FunnelDesk ${VERSION} будет установлен только для вас, права администратора не нужны.$\r$\n$\r$\nЕсли открыта прежняя версия, закройте её. Ваши базы и настройки останутся как есть."
LangString WELCOME ${LANG_POLISH} "Program FunnelDesk ${VERSION} zostanie zainstalowany tylko dla Ciebie; uprawnienia administratora nie są potrzebne.$\r$\n$\r$\nJeśli starsza wersja jest otwarta, najpierw ją zamknij. Bazy i ustawienia pozostaną bez zmian."
LangString SEC_MAIN ${LANG_ENGLISH} "Program"
LangString SEC_MAIN ${LANG_RUSSIAN} "Программа"
LangString SEC_MAIN ${LANG_POLISH} "Program"
LangString SEC_OPEN ${LANG_ENGLISH} "Open *.funneldesk files with FunnelDesk"
LangString SEC_OPEN ${LANG_RUSSIAN} "Открывать файлы *.funneldesk в FunnelDesk"
LangString SEC_OPEN ${LANG_POLISH} "Otwieraj pliki *.funneldesk w programie FunnelDesk"
LangString SEC_DESKTOP ${LANG_ENGLISH} "Shortcut on the desktop"
LangString SEC_DESKTOP ${LANG_RUSSIAN} "Ярлык на рабочем столе"
LangString SEC_DESKTOP ${LANG_POLISH} "Skrót na pulpicie"
LangString KIND ${LANG_ENGLISH} "FunnelDesk base"
LangString KIND ${LANG_RUSSIAN} "База FunnelDesk"
LangString KIND ${LANG_POLISH} "Baza FunnelDesk"
LangString RUNNING ${LANG_ENGLISH} "FunnelDesk is running. Close it, then try again."
LangString RUNNING ${LANG_RUSSIAN} "FunnelDesk запущен. Закройте его и попробуйте снова."
LangString RUNNING ${LANG_POLISH} "FunnelDesk jest uruchomiony. Zamknij go i spróbuj ponownie."
LangString WINDOWS64 ${LANG_ENGLISH} "FunnelDesk needs 64-bit Windows 10 or newer."
LangString WINDOWS64 ${LANG_RUSSIAN} "FunnelDesk работает в 64-разрядной Windows 10 и новее."
LangString WINDOWS64 ${LANG_POLISH} "FunnelDesk wymaga 64-bitowego systemu Windows 10 lub nowszego."

; A running program keeps its file from being written: ask to close it, as often as needed.
!macro REFUSE_RUNNING prefix
Function ${prefix}RefuseRunning
  again:
    IfFileExists "$INSTDIR\${PROGRAM}" 0 free
    ClearErrors
    FileOpen $0 "$INSTDIR\${PROGRAM}" a
    IfErrors busy
    FileClose $0
    Goto free
  busy:
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(RUNNING)" /SD IDCANCEL IDRETRY again
    SetErrorLevel 2
    Quit
  free:
FunctionEnd
!macroend
!insertmacro REFUSE_RUNNING ""
!insertmacro REFUSE_RUNNING "un."

Function un.onInit
  SetShellVarContext current
FunctionEnd

Section "$(SEC_MAIN)" SecMain
  SectionIn RO
  Call RefuseRunning
  ; Files that only an older version had must not be left among the new ones.
  IfFileExists "$INSTDIR\uninstall.exe" 0 fresh
    ExecWait '"$INSTDIR\uninstall.exe" /S _?=$INSTDIR'
    Delete "$INSTDIR\uninstall.exe"
  fresh:
  ClearErrors
  !include "${LISTS}\put.nsh"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  IfErrors 0 written
    SetErrorLevel 2
    Abort
  written:
  CreateShortcut "$SMPROGRAMS\FunnelDesk.lnk" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${KEY}" "DisplayName" "FunnelDesk"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\${PROGRAM}"
  WriteRegStr HKCU "${KEY}" "Publisher" "The FunnelDesk authors"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" ${SIZE_KB}
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

Section "$(SEC_OPEN)" SecOpen
  WriteRegStr HKCU "Software\Classes\${CLASS}" "" "$(KIND)"
  WriteRegStr HKCU "Software\Classes\${CLASS}\DefaultIcon" "" "$INSTDIR\${PROGRAM},0"
  WriteRegStr HKCU "Software\Classes\${CLASS}\shell\open\command" "" '"$INSTDIR\${PROGRAM}" "%1"'
  WriteRegStr HKCU "Software\Classes\.funneldesk" "" "${CLASS}"
  WriteRegStr HKCU "Software\Classes\.funneldesk" "Content Type" "application/x-funneldesk"
  ${RefreshShellIcons}
SectionEnd

Section /o "$(SEC_DESKTOP)" SecDesktop
  CreateShortcut "$DESKTOP\FunnelDesk.lnk" "$INSTDIR\${PROGRAM}"
SectionEnd

Function .onInit
  SetShellVarContext current
  ${IfNot} ${RunningX64}
    MessageBox MB_OK|MB_ICONSTOP "$(WINDOWS64)" /SD IDOK
    SetErrorLevel 2
    Quit
  ${EndIf}
  ; Over an older version the same is chosen as then: that one is removed whole before.
  IfFileExists "$DESKTOP\FunnelDesk.lnk" 0 plain
    !insertmacro SelectSection ${SecDesktop}
  plain:
  ReadRegStr $0 HKCU "${KEY}" "DisplayVersion"
  StrCmp $0 "" new
    ReadRegStr $0 HKCU "Software\Classes\${CLASS}" ""
    StrCmp $0 "" 0 new
      !insertmacro UnselectSection ${SecOpen}
  new:
FunctionEnd

; Bases, settings and backups are not touched.
Section "Uninstall"
  Call un.RefuseRunning
  !include "${LISTS}\take.nsh"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\FunnelDesk.lnk"
  Delete "$DESKTOP\FunnelDesk.lnk"
  DeleteRegKey HKCU "${KEY}"
  ReadRegStr $0 HKCU "Software\Classes\.funneldesk" ""
  StrCmp $0 "${CLASS}" 0 others
    DeleteRegKey HKCU "Software\Classes\.funneldesk"
  others:
  DeleteRegKey HKCU "Software\Classes\${CLASS}"
  ${RefreshShellIcons}
SectionEnd

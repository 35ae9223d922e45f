@echo off
rem SPDX-License-Identifier: MIT
rem Chainrule's launcher for Windows; chainrule is that of other systems. Compiles kernels, core and core/cli on first
rem use and after a change (CheckoutBuild.java), then runs the command line. Requires only a JDK 17 or newer, in
rem JAVA_HOME or on the PATH; no Maven, no network.
rem
rem   CHAINRULE_JAVA_OPTIONS   options for java, such as "-Xmx8g -Dchainrule.kernels=scalar"
setlocal EnableExtensions DisableDelayedExpansion

rem The directory of this file, without the backslash at its end, which would escape a quotation mark.
set "root=%~dp0"
set "root=%root:~0,-1%"

rem The JDK. Quotation marks in JAVA_HOME are a common mistake.
if not defined JAVA_HOME goto path
set "jdk=%JAVA_HOME:"=%"
set "java=%jdk%\bin\java.exe"
if exist "%java%" goto java
set "problem=JAVA_HOME is %jdk%, which contains no bin\java.exe; set it to a JDK 17 or newer, or unset it"
goto fail
:path
set "java="
for %%j in (java.exe) do set "java=%%~$PATH:j"
if defined java goto java
set "problem=java.exe not found; install a JDK 17 or newer (not a JRE), and put it on the PATH or set JAVA_HOME"
goto fail

rem The classes are stored next to the sources, or in the user's directory if that directory is read-only.
:java
set "home=%root%\.chainrule"
if not exist "%home%" mkdir "%home%" 2>nul
if exist "%home%" goto home
set "name=%root::=%"
set "home=%LOCALAPPDATA%\chainrule\%name:\=_%"
:home
set "classes=%home%\classes"

rem CheckoutBuild compiles if necessary. Once compiled, it checks in a tenth of a second.
set build=-cp "%classes%\chainrule.cli" chainrule.cli.CheckoutBuild
if exist "%classes%\compiled" goto check
rem A copy outside of the module, because newer JDKs would compile the module first.
set "launcher=%home%\launcher\chainrule\cli"
if not exist "%launcher%" mkdir "%launcher%"
copy /y "%root%\core\cli\src\main\java\chainrule\cli\CheckoutBuild.java" "%launcher%" >nul
set build="%launcher%\CheckoutBuild.java"
:check
"%java%" -XX:+UseSerialGC %build% "%root%" "%home%" >nul
if not errorlevel 1 goto console
set "problem=cannot compile, see above; Chainrule requires a JDK 17 or newer, in JAVA_HOME or on the PATH"
goto fail

rem The console: UTF-8 for the arrows and bars in the output, and its width. The code page is restored at the end.
:console
set "page="
for /f "tokens=2 delims=:." %%p in ('chcp') do set /a "page=%%p" 2>nul
chcp 65001 >nul 2>nul
if defined COLUMNS goto run
for /f "skip=4 tokens=2 delims=:" %%w in ('mode con 2^>nul') do if not defined COLUMNS set /a "COLUMNS=%%w" 2>nul

rem The serial collector starts fastest, and a steady training step allocates nothing.
:run
"%java%" -XX:+UseSerialGC -Dchainrule.command=chainrule %CHAINRULE_JAVA_OPTIONS% ^
  -p "%classes%" -m chainrule.cli/chainrule.cli.Main %*
set "status=%errorlevel%"
if defined page chcp %page% >nul 2>nul
exit /b %status%

:fail
>&2 echo chainrule: %problem%
exit /b 2

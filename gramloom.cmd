<# : the part for cmd; PowerShell takes it for a comment and runs what follows it
@echo off
rem Starts Gramloom with the newest JDK at hand; builds the jar first when it is missing or older than its sources.
rem   JAVA_HOME           the JDK to use (17 or newer) instead of the newest one found
rem   GRAMLOOM_JAVA_OPTS  more options for the JVM, e.g. -Xmx8g
setlocal DisableDelayedExpansion
set "GRAMLOOM_SELF=%~f0"
set "GRAMLOOM_ROOT=%~dp0"
set "GRAMLOOM_JDK="
set "GRAMLOOM_LOOPS="
set "GRAMLOOM_FAILURE=69"
for /f "usebackq tokens=1,* delims==" %%A in (`powershell -NoProfile -ExecutionPolicy Bypass -Command "& ([ScriptBlock]::Create((Get-Content -Raw -LiteralPath $env:GRAMLOOM_SELF)))"`) do (
  if "%%A"=="jdk" set "GRAMLOOM_JDK=%%B"
  if "%%A"=="loops" set "GRAMLOOM_LOOPS=%%B"
  if "%%A"=="exit" set "GRAMLOOM_FAILURE=%%B"
)
if not defined GRAMLOOM_JDK exit /b %GRAMLOOM_FAILURE%
"%GRAMLOOM_JDK%\bin\java.exe" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:MinHeapFreeRatio=5 -XX:MaxHeapFreeRatio=10 -XX:NewSize=32m -XX:MaxNewSize=32m -XX:PretenureSizeThreshold=1m -XX:MinHeapDeltaBytes=64m -XX:MaxRAMPercentage=75 %GRAMLOOM_LOOPS% "-Dgramloom.home=%GRAMLOOM_ROOT%." %GRAMLOOM_JAVA_OPTS% -jar "%GRAMLOOM_ROOT%target\gramloom.jar" %*
exit /b %ERRORLEVEL%
#>

# Answers on standard output with jdk=FOLDER and perhaps loops=OPTION, or with exit=CODE after one line on standard error.
$floor = 17
$root = $env:GRAMLOOM_ROOT
$jar = Join-Path $root 'target\gramloom.jar'
$pom = Join-Path $root 'pom.xml'

function Fail($code, $message) {
  [Console]::Error.WriteLine("gramloom: $message")
  "exit=$code"
  exit
}

# The major version of the JDK in a folder; 0 if that is none we can use: too old, without the Vector API
# (a cut-down runtime), or without the programs in $tools.
function Get-UsableVersion($folder) {
  $release = Join-Path $folder 'release'
  if (-not (Test-Path -LiteralPath $release)) { return 0 }
  foreach ($tool in $tools) {
    if (-not (Test-Path -LiteralPath (Join-Path $folder "bin\$tool.exe"))) { return 0 }
  }
  $text = Get-Content -Raw -LiteralPath $release
  if ($text -notmatch '(?m)^JAVA_VERSION="?(\d+)') { return 0 }
  $version = [int]$Matches[1]
  if ($version -lt $floor) { return 0 }
  if ($text -match '(?m)^MODULES=' -and $text -notmatch 'jdk\.incubator\.vector') { return 0 }
  return $version
}

function Find-Jdk {
  if ($env:JAVA_HOME) {
    if ((Get-UsableVersion $env:JAVA_HOME) -gt 0) { return $env:JAVA_HOME }
    return $null
  }
  $folders = @()
  $onPath = Get-Command java.exe -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
  if ($onPath) { $folders += Split-Path (Split-Path $onPath.Path) }
  foreach ($base in "$env:ProgramFiles\Java", "$env:ProgramFiles\Eclipse Adoptium", "$env:ProgramFiles\Microsoft",
      "$env:ProgramFiles\Zulu", "$env:ProgramFiles\Amazon Corretto", "$env:ProgramFiles\BellSoft",
      "$env:USERPROFILE\.sdkman\candidates\java") {
    $folders += Get-ChildItem -Directory -Path $base -ErrorAction SilentlyContinue | ForEach-Object { $_.FullName }
  }
  $newest = 0
  $jdk = $null
  foreach ($folder in $folders) {
    $version = Get-UsableVersion $folder
    if ($version -gt $newest) { $newest = $version; $jdk = $folder }
  }
  return $jdk
}

function Test-Stale {
  if (-not (Test-Path -LiteralPath $jar)) { return $true }
  if (-not (Test-Path -LiteralPath $pom)) { return $false }
  $built = (Get-Item -LiteralPath $jar).LastWriteTimeUtc
  $sources = @(Get-Item -LiteralPath $pom) + @(Get-ChildItem -Recurse -LiteralPath (Join-Path $root 'java\main'))
  return [bool]($sources | Where-Object { $_.LastWriteTimeUtc -gt $built } | Select-Object -First 1)
}

# Builds in a folder of its own and moves the finished jar into place, dated by the start of its build.
function Build($jdk) {
  $why = if (Test-Path -LiteralPath $jar) { 'sources changed' } else { 'first use' }
  [Console]::Error.WriteLine("Building Gramloom ($why)...")
  $started = [DateTime]::UtcNow
  $work = Join-Path $root "target\launch.$PID"
  try {
    New-Item -ItemType Directory -Force -Path $work -ErrorAction Stop | Out-Null
  } catch {
    Fail 73 "cannot write in $root"
  }
  $log = Join-Path $work 'log'
  $env:JAVA_HOME = $jdk
  Push-Location -LiteralPath $root
  cmd /d /c "mvnw.cmd -B -ntp -q -Dmaven.test.skip=true -DbuildDirectory=target\launch.$PID\build package > target\launch.$PID\log 2>&1 < NUL"
  $failed = $LASTEXITCODE -ne 0
  Pop-Location
  if ($failed) {
    [Console]::Error.WriteLine((Get-Content -Raw -LiteralPath $log))
    Remove-Item -Recurse -Force -LiteralPath $work
    Fail 69 'could not be built, see above (the first build fetches its libraries over the network)'
  }
  $built = Join-Path $work 'build\gramloom.jar'
  (Get-Item -LiteralPath $built).LastWriteTimeUtc = $started
  try {
    Move-Item -Force -LiteralPath $built -Destination $jar -ErrorAction Stop
  } catch {
    Fail 73 "cannot replace $jar; is another Gramloom running?"
  } finally {
    Remove-Item -Recurse -Force -LiteralPath $work -ErrorAction SilentlyContinue
  }
}

$stale = Test-Stale
$tools = if ($stale) { @('java', 'javac') } else { @('java') }
$jdk = Find-Jdk
if (-not $jdk) {
  if ($env:JAVA_HOME) {
    Fail 69 "JAVA_HOME=$env:JAVA_HOME is not a JDK $floor or newer; unset it to let Gramloom search"
  }
  Fail 69 "no JDK $floor or newer found; install one (25 is best: https://adoptium.net) or set JAVA_HOME"
}
if ($stale) { Build $jdk }
"jdk=$jdk"
# Else JDK 17's compiler keeps the sums of products on the stack in every other process, at half the speed.
if ((Get-UsableVersion $jdk) -eq 17) { 'loops=-XX:-UseLoopPredicate' }

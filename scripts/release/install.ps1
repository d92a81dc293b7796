# Installs hale: downloads a release, checks it against SHA256SUMS, puts it into
# %LOCALAPPDATA%\Programs\hale, and that folder on the user's PATH.
#
#   $env:HALE_VERSION = '1.2.3'       another release than the newest
#   $env:HALE_INSTALL_DIR = 'DIR'     another folder
#   $env:HALE_REPOSITORY = 'O/NAME'   another repository; $env:HALE_RELEASES_ENDPOINT another GitHub
$ErrorActionPreference = 'Stop'
# Windows PowerShell draws the bar more slowly than it downloads.
$ProgressPreference = 'SilentlyContinue'

# The release that this file is part of fills in where it comes from.
$repository = $env:HALE_REPOSITORY
$endpoint = if ($env:HALE_RELEASES_ENDPOINT) { $env:HALE_RELEASES_ENDPOINT } else { 'https://github.com' }
$folder = if ($env:HALE_INSTALL_DIR) { $env:HALE_INSTALL_DIR } else { Join-Path $env:LOCALAPPDATA 'Programs\hale' }

if (-not $repository) { throw 'hale was not installed: set HALE_REPOSITORY to the OWNER/NAME that it is released in.' }
if (-not [Environment]::Is64BitOperatingSystem) { throw 'hale was not installed: it is released for 64-bit Windows only.' }

# Windows on ARM runs it by its emulation.
$asset = 'hale-windows-amd64.exe'
$base = if ($env:HALE_VERSION) {
    "$endpoint/$repository/releases/download/v$($env:HALE_VERSION -replace '^v', '')"
} else {
    "$endpoint/$repository/releases/latest/download"
}

New-Item -ItemType Directory -Force -Path $folder | Out-Null
$work = Join-Path $folder ".hale-install-$([guid]::NewGuid())"
New-Item -ItemType Directory -Path $work | Out-Null
try {
    $sums = Join-Path $work 'SHA256SUMS'
    $new = Join-Path $work 'hale.exe'
    Invoke-WebRequest -UseBasicParsing -Uri "$base/SHA256SUMS" -OutFile $sums
    $line = Get-Content $sums | Where-Object { $_ -match "^([0-9a-fA-F]{64}) [ *]$([regex]::Escape($asset))$" }
    if (-not $line) { throw "hale was not installed: $base/SHA256SUMS has no checksum for $asset." }
    $expected = $line.Substring(0, 64)
    Invoke-WebRequest -UseBasicParsing -Uri "$base/$asset" -OutFile $new
    $received = (Get-FileHash -Algorithm SHA256 $new).Hash
    if ($received -ne $expected) { throw "hale was not installed: the SHA-256 of $asset should be $expected and is $received." }
    $version = & $new version
    if ($LASTEXITCODE -ne 0) { throw 'hale was not installed: the new executable does not run here.' }

    # Windows does not replace a file that runs, but lets it be renamed.
    $hale = Join-Path $folder 'hale.exe'
    if (Test-Path $hale) {
        Remove-Item -Force -ErrorAction SilentlyContinue "$hale.old"
        Move-Item -Force $hale "$hale.old"
    }
    Move-Item $new $hale
    Remove-Item -Force -ErrorAction SilentlyContinue "$hale.old"
} finally {
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue $work
}

Write-Output "${version}: $hale"
# As it stands in the registry: [Environment] would write %USERPROFILE% and the like back filled in.
$environment = 'registry::HKEY_CURRENT_USER\Environment'
$path = (Get-Item -LiteralPath $environment).GetValue('Path', '', 'DoNotExpandEnvironmentNames')
if (($path -split ';') -notcontains $folder) {
    $longer = "$path".TrimEnd(';') + ";$folder"
    Set-ItemProperty -LiteralPath $environment -Name Path -Type ExpandString -Value $longer.TrimStart(';')
    # Tells the shell, which a change of the registry alone does not: any other variable will do.
    [Environment]::SetEnvironmentVariable('HALE_INSTALLED', '1', 'User')
    [Environment]::SetEnvironmentVariable('HALE_INSTALLED', [NullString]::Value, 'User')
    Write-Output "$folder is on your PATH in every new terminal."
}

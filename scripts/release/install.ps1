# Installs hale: downloads a release, verifies it with SHA256SUMS, installs it into
# %LOCALAPPDATA%\Programs\hale, and adds that folder to the user's PATH.
#
#   $env:HALE_VERSION = '1.2.3'       version to install (default: the newest)
#   $env:HALE_INSTALL_DIR = 'DIR'     folder to install into
#   $env:HALE_REPOSITORY = 'O/NAME'   repository; $env:HALE_RELEASES_ENDPOINT: server instead of GitHub
$ErrorActionPreference = 'Stop'
# The progress bar of Windows PowerShell is slower than the download.
$ProgressPreference = 'SilentlyContinue'

# The release workflow writes the name of its repository into the next line.
$repository = $env:HALE_REPOSITORY
$endpoint = if ($env:HALE_RELEASES_ENDPOINT) { $env:HALE_RELEASES_ENDPOINT } else { 'https://github.com' }
$local = if ($env:LOCALAPPDATA) { $env:LOCALAPPDATA } else { Join-Path $env:USERPROFILE 'AppData\Local' }
$folder = if ($env:HALE_INSTALL_DIR) { $env:HALE_INSTALL_DIR } else { Join-Path $local 'Programs\hale' }

# A virus scanner may hold a new file for a moment, and then it cannot be moved.
function Move-File($from, $to) {
    for ($attempt = 1; ; $attempt++) {
        try { return Move-Item -Force -LiteralPath $from -Destination $to } catch { if ($attempt -ge 10) { throw } }
        Start-Sleep -Milliseconds 200
    }
}

if (-not $repository) { throw 'hale was not installed: no repository is known. Set HALE_REPOSITORY=OWNER/NAME.' }
if (-not [Environment]::Is64BitOperatingSystem) { throw 'hale was not installed: it requires 64-bit Windows.' }

# Windows on ARM runs it in its x64 emulation.
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
    if ($received -ne $expected) { throw "hale was not installed: $base/$asset has the wrong checksum. Expected SHA-256 $expected, received $received. Try again." }
    $version = & $new version
    if ($LASTEXITCODE -ne 0) { throw "hale was not installed: the downloaded executable does not run on this machine (exit code $LASTEXITCODE)." }

    # Windows does not replace a running executable, but allows renaming it.
    $hale = Join-Path $folder 'hale.exe'
    if (Test-Path $hale) {
        Remove-Item -Force -ErrorAction SilentlyContinue "$hale.old"
        Move-File $hale "$hale.old"
    }
    try { Move-File $new $hale } catch {
        if (Test-Path "$hale.old") { Move-File "$hale.old" $hale }
        throw
    }
    Remove-Item -Force -ErrorAction SilentlyContinue "$hale.old"
} finally {
    Remove-Item -Recurse -Force -ErrorAction SilentlyContinue $work
}

Write-Output "${version}: $hale"
# Read from the registry, because [Environment] would write variables such as %USERPROFILE% back expanded.
$environment = 'registry::HKEY_CURRENT_USER\Environment'
$path = (Get-Item -LiteralPath $environment).GetValue('Path', '', 'DoNotExpandEnvironmentNames')
if (($path -split ';') -notcontains $folder) {
    $longer = "$path".TrimEnd(';') + ";$folder"
    Set-ItemProperty -LiteralPath $environment -Name Path -Type ExpandString -Value $longer.TrimStart(';')
    # Notifies the shell, which a change of the registry does not. Setting any variable does this.
    [Environment]::SetEnvironmentVariable('HALE_INSTALLED', '1', 'User')
    [Environment]::SetEnvironmentVariable('HALE_INSTALLED', [NullString]::Value, 'User')
    Write-Output "Added $folder to your PATH. Open a new terminal to use hale."
}

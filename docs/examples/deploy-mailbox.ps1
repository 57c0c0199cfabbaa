<#
.SYNOPSIS
Creates one mailbox through MXroute Manager.

.DESCRIPTION
Needs the environment variables MXM_URL (for example https://manager.example.com) and MXM_TOKEN (an API token with the
permission `emails` on the domain). Works with Windows PowerShell 5.1 and PowerShell 7.

Exit code: 0 created, 1 refused or unreachable (the reason is on standard error; a mailbox that exists already is
refused), 2 wrong use.

.PARAMETER Domain
For example example.com.

.PARAMETER Username
The part before the @.

.PARAMETER Password
The mailbox's password.

.PARAMETER Quota
Megabytes, 0 = unlimited. Default: the manager's (1024).

.PARAMETER Limit
Messages a day, 1 to 9600. Default: the manager's (9600).

.PARAMETER RecoveryEmail
Recovery address, for password resets.

.EXAMPLE
.\deploy-mailbox.ps1 -Domain "example.com" -Username "alex" -Password 'Abcd1234!'
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)] [string] $Domain,
    [Parameter(Mandatory = $true)] [string] $Username,
    [Parameter(Mandatory = $true)] [string] $Password,
    [ValidateRange(0, [int]::MaxValue)] [int] $Quota,
    [ValidateRange(1, 9600)] [int] $Limit,
    [string] $RecoveryEmail
)

$ErrorActionPreference = 'Stop'

function Stop-Script([string] $Message, [int] $Code = 1) {
    [Console]::Error.WriteLine("$([IO.Path]::GetFileName($PSCommandPath)): $Message")
    exit $Code
}

# The server's message in the JSON text $Text, or its beginning when there is none.
function Get-Reason([string] $Text) {
    try {
        $message = (ConvertFrom-Json -InputObject $Text).error.message
        if ($message) { return $message }
    }
    catch { $message = $null }
    if ($Text) { return $Text.Substring(0, [Math]::Min(300, $Text.Length)) }
    return 'no reason given'
}

# The body of the refused request $Failure: PowerShell 7 keeps it, Windows PowerShell 5.1 may leave it in the stream.
function Get-Answer($Failure) {
    if ($Failure.ErrorDetails -and $Failure.ErrorDetails.Message) { return $Failure.ErrorDetails.Message }
    if ($Failure.Exception.Response -is [Net.HttpWebResponse]) {
        $stream = $Failure.Exception.Response.GetResponseStream()
        return (New-Object IO.StreamReader($stream, [Text.Encoding]::UTF8)).ReadToEnd()
    }
    return ''
}

if (-not $env:MXM_URL) { Stop-Script 'set MXM_URL, for example https://manager.example.com' 2 }
if (-not $env:MXM_TOKEN) { Stop-Script 'set MXM_TOKEN to an API token' 2 }
if ($env:MXM_URL -notmatch '^https?://') { Stop-Script 'MXM_URL must begin with https:// or http://' 2 }
if (@('', '.', '..') -contains $Domain) { Stop-Script "'$Domain' is no domain" 2 }

# Windows PowerShell 5.1 on an old system would not offer TLS 1.2 by itself.
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

$body = @{ username = $Username; password = $Password }
if ($PSBoundParameters.ContainsKey('Quota')) { $body.quota = $Quota }
if ($PSBoundParameters.ContainsKey('Limit')) { $body.limit = $Limit }
if ($RecoveryEmail) { $body.recovery_email = $RecoveryEmail }
$path = '/api/domains/' + [Uri]::EscapeDataString($Domain) + '/email-accounts'

# Bytes, not text: Windows PowerShell 5.1 would send text as ISO-8859-1.
$request = @{
    Method             = 'Post'
    Uri                = $env:MXM_URL.TrimEnd('/') + $path
    Headers            = @{ Authorization = "Bearer $($env:MXM_TOKEN)" }
    ContentType        = 'application/json'
    Body               = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $body -Compress))
    TimeoutSec         = 180
    MaximumRedirection = 0
}
try {
    Invoke-RestMethod @request | Out-Null
}
catch {
    if (-not $_.Exception.Response) { Stop-Script "no answer from $($env:MXM_URL): $($_.Exception.Message)" }
    $status = [int] $_.Exception.Response.StatusCode
    Stop-Script "$(Get-Reason (Get-Answer $_)) (HTTP $status)"
}
Write-Output "created $Username@$Domain"

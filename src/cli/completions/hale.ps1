# Completions of hale for PowerShell. `hale __complete` computes the candidates.
Register-ArgumentCompleter -Native -CommandName 'hale', 'hale.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
        ForEach-Object { if ($null -ne $_.Value) { "$($_.Value)" } else { $_.Extent.Text } })
    # PowerShell before 7.3 drops empty arguments, so an empty last word is passed as a flag.
    $new = if ($wordToComplete -eq '') { @('--new-word') } else { @() }
    $line = if ($words.Count -gt 0) { @('--') + $words } else { @() }
    $answer = @(& hale '__complete' @new @line 2>$null)
    if ($answer.Count -eq 0) { return }
    switch ($answer[0]) {
        ':words' {
            $answer | Select-Object -Skip 1 | ForEach-Object {
                $word, $summary = $_ -split "`t", 2
                if (-not $summary) { $summary = $word }
                $text = if ($word -match "[\s'`"``$(){};,|&<>@#]") { "'" + ($word -replace "'", "''") + "'" } else { $word }
                [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $summary)
            }
        }
        { $_ -in ':files', ':folders', ':command' } {
            [System.Management.Automation.CompletionCompleters]::CompleteFilename(($wordToComplete -replace '^--[^=]+=', ''))
        }
    }
}

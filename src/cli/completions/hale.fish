# Completions of hale for fish. `hale __complete` computes the candidates.
function __hale_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor | string collect)
    set -l answer (command hale __complete -- $words[2..-1] "$current" 2>/dev/null)
    switch "$answer[1]"
        case :words
            printf '%s\n' $answer[2..-1]
        case :files :folders
            set -l flag (string match --regex -- '^--[^=]+=' $current)
            set -l path (string replace --regex -- '^--[^=]+=' '' $current)
            if test "$answer[1]" = :folders
                printf "$flag%s\n" (__fish_complete_directories "$path")
            else
                printf "$flag%s\n" (__fish_complete_path "$path")
            end
        case :command
            complete --do-complete (commandline --cut-at-cursor | string replace --regex -- '^.*? -- *' '' | string collect)
    end
end
complete --command hale --no-files --arguments '(__hale_complete)'

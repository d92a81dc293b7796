#compdef hale
# Completions of hale for zsh. Hale itself answers what fits: `hale __complete`.
_hale() {
  local -a answer candidates
  local line word summary
  answer=("${(@f)$(command hale __complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  case $answer[1] in
    :words)
      for line in "${(@)answer[2,-1]}"; do
        word=${line%%$'\t'*}
        summary=${line#*$'\t'}
        candidates+=("${word//:/\\:}:$summary")
      done
      _describe -t hale hale candidates
      ;;
    :files)
      compset -P 1 '--*='
      _files
      ;;
    :folders)
      compset -P 1 '--*='
      _files -/
      ;;
    :command)
      local at=${words[(i)--]}
      words=("${(@)words[at+1,-1]}")
      ((CURRENT -= at))
      _normal
      ;;
  esac
}
# As a file on $fpath this is the function itself; where it is sourced, it has to be announced.
if [[ $funcstack[1] == _hale ]]; then
  _hale "$@"
else
  compdef _hale hale
fi

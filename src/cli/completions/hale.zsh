#compdef hale
# Completions of hale for zsh. `hale __complete` computes the candidates.
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
# Autoloaded from $fpath, this file is the body of the function; sourced, it has to register it.
if [[ $funcstack[1] == _hale ]]; then
  _hale "$@"
else
  compdef _hale hale
fi

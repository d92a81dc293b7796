# Completions of hale for bash 3.2 and later. `hale __complete` computes the candidates.
_hale() {
  local words=() word previous="" i
  # Readline also splits words at = and :. Join them again.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == [=:]* || (-n $word && $previous == *[=:]) ]]; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    previous=$word
  done
  local current=${words[${#words[@]} - 1]}
  # Readline replaces only the text after the last = or :.
  local kept=${current%"${current##*[=:]}"}
  local kind="" line quoted
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ -z $kind ]]; then
      kind=$line
    else
      line=${line%%$'\t'*}
      printf -v quoted %q "${line#"$kept"}"
      COMPREPLY+=("$quoted")
    fi
  done < <(command hale __complete -- "${words[@]}" 2>/dev/null)
  local action=""
  case $kind in
    :files) action=-f ;;
    :folders) action=-d ;;
    :command)
      action=-f
      [[ ${words[${#words[@]} - 2]} == -- ]] && action=-c
      ;;
  esac
  [[ -n $action ]] || return 0
  compopt -o filenames 2>/dev/null
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <(compgen "$action" -- "${current#"$kept"}")
}
complete -F _hale hale

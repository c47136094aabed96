from uvci.syntax.witness import comments_of, keeps_comments, same_data, same_data_and_comments

TEXT = """\
# top
a: 1 # behind
b:
  # above
  - '# no' # item
c: | # header
  # content
  uv
d: [1, # inside
  a#b]
# end
"""


def test_comments_are_told_from_content() -> None:
    comments = ["# top", "# behind", "# above", "# item", "# header", "# inside", "# end"]
    assert list(comments_of(TEXT)) == comments
    assert comments_of(TEXT.replace("\n", "\r\n")) == comments_of(TEXT)


def test_comments_of_all_documents_count() -> None:
    assert comments_of("# a\n---\nspec: {} # b\n---\nx: 1 # c\n") == ("# a", "# b", "# c")


def test_a_lost_comment_is_noticed_and_a_new_one_is_fine() -> None:
    assert not keeps_comments(TEXT, TEXT.replace(" # behind", ""))
    assert not keeps_comments("# x\n# x\na: 1\n", "# x\na: 1\n")
    assert keeps_comments(TEXT, TEXT + "# more\n")


def test_comments_up_to_an_error_are_known() -> None:
    assert comments_of("# a\nb: 1 # c\nd: [\n")[:2] == ("# a", "# c")


def test_data_is_compared_not_spelling() -> None:
    assert same_data("a: {b: [1]}\n", "a:\n  b:\n  - 1\n")
    assert not same_data("a: 1\n", "a: 2\n")
    assert not same_data("a: !reference [x]\n", "a: !reference [y]\n")
    assert not same_data("a: [\n", "a: [\n")


def test_comments_belong_to_a_full_comparison() -> None:
    assert same_data_and_comments("# x\na: '1'\n", '# x\na: "1"\n')
    assert not same_data_and_comments("# x\na: 1\n", "a: 1\n")

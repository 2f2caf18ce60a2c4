from grader.sandbox.worker import Output


def test_output_is_kept_up_to_its_limit() -> None:
    output = Output(1)
    output.add(b"a" * 1000)
    output.add(b"b" * 24)
    assert (len(output.text()), output.cut) == (1024, False)
    output.add(b"c")
    assert (len(output.text()), output.cut) == (1024, True)


def test_a_character_cut_in_half_is_replaced() -> None:
    output = Output(1)
    output.add(b"x" * 1023 + "é".encode())
    assert output.text() == "x" * 1023 + "\N{REPLACEMENT CHARACTER}"

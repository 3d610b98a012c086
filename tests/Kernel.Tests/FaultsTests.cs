namespace Gatehouse.Kernel.Tests;

public sealed class FaultsTests
{
    private readonly Faults faults = new();

    [Fact]
    public void All_fields_at_fault_are_told_at_once()
    {
        faults.Text("name", "  ", 1, 100);
        faults.Whole("capacity", 0, 1, 1_000_000);
        faults.Add("startAt", "must be in the future");

        var problem = faults.ToProblem();

        Assert.Equal(ProblemCodes.ValidationFailed, problem.Code);
        Assert.Equal(["capacity", "name", "startAt"], problem.Errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["is required"], problem.Errors["name"]);
        Assert.Equal(["must be a whole number from 1 to 1000000"], problem.Errors["capacity"]);
        Assert.Equal("3 fields are at fault: capacity, name, startAt.", problem.Detail);
    }

    [Fact]
    public void One_field_at_fault_is_named_in_the_detail()
    {
        faults.Add("endAt", "must be after startAt");

        Assert.Equal("endAt: must be after startAt.", faults.ToProblem().Detail);
    }

    [Fact]
    public void One_field_can_have_several_faults()
    {
        faults.Text("name", "ab\u0000", 5, 10);

        Assert.Equal(
            ["must have 5 to 10 characters, has 3", "contains the control character U+0000"],
            faults.ToProblem().Errors["name"]);
    }

    [Fact]
    public void A_good_text_is_trimmed_and_leaves_no_fault()
    {
        Assert.Equal("Jazz 🎷 im Park", faults.Text("name", "  Jazz 🎷 im Park ", 1, 100));
        Assert.False(faults.Any);
    }

    [Fact]
    public void An_absent_text_is_no_fault_where_none_is_needed()
    {
        Assert.Equal("", faults.Text("venue", null, 0, 100));
        Assert.False(faults.Any);
    }

    [Theory]
    [InlineData("two\nlines", true, false)]
    [InlineData("two\nlines", false, true)]
    [InlineData("a\ttab", true, false)]
    [InlineData("an escape\u001b[2J", true, true)]
    public void Text_that_could_not_be_stored_or_shown_is_at_fault(string text, bool multiline, bool atFault)
    {
        faults.Text("description", text, 0, 1000, multiline);

        Assert.Equal(atFault, faults.Any);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_at_fault() =>
        // Not as inline data: attributes are stored in UTF-8, which cannot hold these.
        Assert.All(["half a pair \ud83c here", "ends in half \ud83c", "the other half \udfb7"], text =>
        {
            var told = new Faults();
            told.Text("description", text, 0, 1000);
            Assert.True(told.Any);
        });

    [Fact]
    public void A_requirement_answers_whether_it_holds()
    {
        Assert.True(faults.Require(true, "price", "must not be negative"));
        Assert.False(faults.Any);
        Assert.False(faults.Require(false, "price", "must not be negative"));
        Assert.True(faults.Any);
    }
}

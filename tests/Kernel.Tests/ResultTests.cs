namespace Gatehouse.Kernel.Tests;

public sealed class ResultTests
{
    [Fact]
    public void A_value_is_no_failure()
    {
        Result<int> result = 7;

        Assert.False(result.Failed(out _));
        Assert.Equal(7, result.Value);
        Assert.Equal("7", result.Map(n => $"{n}").Value);
    }

    [Fact]
    public void A_problem_goes_through_every_change_untouched()
    {
        var problem = Problem.NotFound("booking");
        Result<int> result = problem;

        Assert.True(result.Failed(out var told));
        Assert.Same(problem, told);
        Assert.Same(problem, result.Map(n => n + 1).Problem);
    }

    [Fact]
    public void Asking_for_the_value_of_a_failure_is_a_bug_that_names_the_problem()
    {
        Result<int> result = Problem.NotFound("booking");

        var bug = Assert.Throws<InvalidOperationException>(() => result.Value);
        Assert.Contains("not_found", bug.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Busy_says_when_to_come_back() =>
        Assert.Equal(TimeSpan.FromSeconds(2), Problem.Busy("The queue is full.", TimeSpan.FromSeconds(2)).RetryAfter);

    [Fact]
    public void Every_code_has_a_name_of_its_own_and_a_status_of_failure()
    {
        var codes = typeof(ProblemCodes).GetFields().Select(f => (ProblemCode)f.GetValue(null)!).ToArray();

        Assert.NotEmpty(codes);
        Assert.Equal(codes.Length, codes.Select(c => c.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(codes, c => Assert.Matches("^[a-z]+(_[a-z]+)*$", c.Name));
        Assert.All(codes, c => Assert.InRange(c.Status, 400, 599));
    }
}
